// The sentences of the setup guide.
export const guide = {
  title: 'Guise: setup guide',
};
