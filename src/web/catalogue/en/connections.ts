export const connections = {
  title: 'Connect',
};
