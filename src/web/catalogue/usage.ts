/** Words that are loaded with the page that says what messages cost. */
export { usage as words } from './en/usage.ts';
