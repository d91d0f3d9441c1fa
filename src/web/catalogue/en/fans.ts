export const fans = {
  title: 'Fans',
};
