/** Words that are loaded with the page of a fan: they do not weigh on the first screen. */
export { privacy as words } from './en/privacy.ts';
