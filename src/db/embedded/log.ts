/** The little of a logger that the launcher needs; a pino logger fits. */
export interface LauncherLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
