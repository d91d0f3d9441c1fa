export const sending = {
  title: 'Stop everything',
  hint: 'Stops every text, mail and direct message of this project within a second, whatever flow it comes from. What waits is held, and goes out when you allow sending again unless it is too old by then. STOP, START and HELP are still answered, and saves go on: they are your fans’.',
  stop: 'Stop all sending',
  stopTitle: 'Stop all sending now?',
  stopText: 'No text, mail or direct message of this project leaves until a manager allows it again.',
  stopDone: 'All sending is stopped.',
  stopped: 'All sending is stopped. What waits is held.',
  onlyManagers: 'A manager or owner can allow it again.',
  resume: 'Allow sending again',
  resumeTitle: 'Allow sending again?',
  resumeText: 'What is held goes out now, apart from what is too old.',
  resumeDone: 'Sending goes on.',
};
