/** The words of one page that is loaded when it is opened: they do not weigh on the first screen. */
export { webhooks as words } from './en/webhooks.ts';
