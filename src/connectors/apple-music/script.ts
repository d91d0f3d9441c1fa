/** Where Apple's own script lies, and the hosts that it speaks to. */
export const musicKitUrl = 'https://js-cdn.music.apple.com/musickit/v3/musickit.js';
export const musicKitOrigins = [
  'https://js-cdn.music.apple.com',
  'https://api.music.apple.com',
  'https://authorize.music.apple.com',
  'https://play.itunes.apple.com',
];

/**
 * Runs in the fan's browser (`ScriptSignIn`). Apple's script asks in a window of its own; a fan who
 * closes it has declined. A second tap finds the script loaded.
 */
export const takeTokenScript = `
async function takeToken(config) {
  if (!window.MusicKit) {
    await new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = config.src;
      script.onload = resolve;
      script.onerror = () => reject(new Error('MusicKit did not load'));
      document.head.append(script);
    });
  }
  await MusicKit.configure({
    developerToken: config.developerToken,
    app: { name: config.appName, build: '1' },
  });
  try {
    return (await MusicKit.getInstance().authorize()) || null;
  } catch (error) {
    if (error && (error.name === 'AUTHORIZATION_ERROR' || error.errorCode === 'AUTHORIZATION_ERROR')) return null;
    throw error;
  }
}
`;
