/**
 * Texts that a phone wrote, not a person (R107): they go to the inbox, start no near-match flow and
 * get no answer. Patterns as phones send them in 2026; they are matched against the whole text.
 */

const quote = '["“”„«»‘’\']';
const quoted = `${quote}[^]*${quote}?`;
const thing =
  '(an? (image|photo|video|movie|audio message|attachment|link|sticker|location|contact)|\\d+ (images|photos|attachments))';

const reactions: readonly RegExp[] = [
  new RegExp(`^(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned) (${quoted}|${thing})$`, 'iu'),
  new RegExp(
    `^removed (a|an) (like|heart|dislike|laugh|exclamation|question mark|.{1,16}) (from|reaction from) (${quoted}|${thing})$`,
    'iu',
  ),
  new RegExp(`^reacted .{1,32} to (${quoted}|${thing})$`, 'iu'),
  // A phone that answers with the emoji itself: 👍 to “…”
  new RegExp(`^[^\\p{L}\\p{N}]{1,24} (to|a|à|zu|su|op) ${quoted}$`, 'iu'),
  new RegExp(`^(a aimé|a adoré|a ri de|n’a pas aimé|n'a pas aimé) ${quoted}$`, 'iu'),
  new RegExp(`^(le gustó|le encantó|le gusta|le encanta|se rio de) ${quoted}$`, 'iu'),
  new RegExp(`^(gefällt|gefiel|hat) ${quoted} ?(geliked|geliebt|gemocht)?$`, 'iu'),
  new RegExp(`^(ha messo mi piace a|ha amato|adora) ${quoted}$`, 'iu'),
  new RegExp(`^(curtiu|gostou de|adorou) ${quoted}$`, 'iu'),
];

const autoReplies: readonly RegExp[] = [
  /^[[(*]*\s*(auto[- ]?(matic )?(reply|response|responder)|automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática)\b/iu,
  /\b(out of (the )?office|abwesenheitsnotiz|absent du bureau|fuera de la oficina)\b/iu,
  /^(hi,? |hey,? |sorry,? )*i[’']?m (currently )?driving\b(?! (to|home|from|down|up|by|past|around|over|back)\b)/iu,
  /^i[’']m .*\bdo not disturb\b/iu,
  /^i[’']ll (see your message|reply|get back to you|respond) (when|once) i\b/iu,
  /^(i am|i[’']m) not receiving notifications\b/iu,
  /^(sorry,? )?(i )?can[’']?t talk (right )?now\b[^?]*$/iu,
  /\b(sent from|this is an automated|this is an automatic) (message|reply|response)\b/iu,
  /^the (person|number|subscriber) you (are|have) (texted|texting|trying)\b/iu,
];

/** `Liked “…”`, `Loved an image`, `👍 to “…”`: an answer to one of our texts, in the words of the phone. */
export function isReaction(text: string): boolean {
  const plain = visible(text);
  return plain.length > 0 && reactions.some((pattern) => pattern.test(plain));
}

/** `I'm driving …`, `Auto-reply: …`: written by a phone while its owner is away. */
export function isAutoReply(text: string): boolean {
  const plain = visible(text);
  return plain.length > 0 && autoReplies.some((pattern) => pattern.test(plain));
}

/** Phones surround reactions with zero-width and hair spaces. */
function visible(text: string): string {
  return text
    .replace(/[\u200b-\u200f\u2060\ufeff]/gu, '')
    .replace(/[\s\u200a]+/gu, ' ')
    .trim();
}
