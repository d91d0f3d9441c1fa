/** Words that are loaded with the forecast. */
export { forecast as words } from './en/forecast.ts';
