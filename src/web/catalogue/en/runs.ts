export const runs = {
  title: 'Runs',
  one: 'Run',
};
