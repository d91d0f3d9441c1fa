/** Words that are loaded with the way to real fans. */
export { goLive as goLiveWords } from './en/go-live.ts';
