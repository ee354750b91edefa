// The sentences of the switcher.
export const switcher = {
  title: 'Guise: switch role',
};
