export const signIn = {
  title: 'Sign in',
  signedOut: 'You are not signed in',
  how: 'Open the address that was printed where Segue was started. It signs you in once, within 15 minutes.',
};
