export const editor = {
  title: 'Editor',
};
