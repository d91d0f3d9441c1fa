/** Words that are loaded with the pages that speak of plans. */
export { plans as words } from './en/plans.ts';
