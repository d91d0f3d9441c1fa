/** Words that are loaded with what draws posters. */
export { poster as posterWords } from './en/poster.ts';
