export const artists = {
  title: 'Artists',
};
