import { foldedWords, withoutAccents } from '#lib/fold-text.ts';

/**
 * Sentences that a reasonable reader takes for an opt-out, though no compliance word stands alone in
 * them (R41; 47 CFR 64.1200(a)(10): any reasonable means). They hold sending until a person has
 * looked, so a pattern may err a little on the side of holding, but never at a lyric or a compliment.
 * Matched against folded words without apostrophes and accents, joined by single spaces.
 */
const meansIt: readonly RegExp[] = [
  /\b(stop|quit|cease|halt) (texting|messaging|msging|sending|spamming|contacting|bothering|harassing|bugging|the (texts|messages|msgs|spam)|these (texts|messages|msgs)|all (texts|messages|msgs)|(texts|messages|msgs))\b/u,
  /^(please |pls |just )*stop (it|this|now|already)( now| please| pls)?$/u,
  /\b(dont|do not|never) (ever )?(text|message|msg|contact|send|write) (me|us|this number)\b/u,
  /\bdont (want|wanna get|need|like) (any ?more |any |more |these |your |to get |to receive |to hear |getting )*(texts?|messages?|msgs?|from you)\b/u,
  /\bno more (texts?|messages?|msgs?|spam)\b/u,
  /\b(remove|take|delete|unsubscribe|drop|get) (me|my number|this number|us) (off|from) (of )?(this|the|your|all|ur)\b|\b(remove|delete) my number\b/u,
  /\b(want|like|wanna|need|how (do|can|to)( i)?) (to )?(be )?(opt(ed)? out|unsubscribed?|cancel (these|the|my|your) (texts|messages|msgs|subscription)|removed from|taken off)\b/u,
  /\bopt me out\b|\bunsubscribe me\b|\blose my number\b|\bleave me alone\b|\bwrong number\b/u,
  /\b(no mas mensajes|no mas sms|no quiero (mas|recibir)|deja de (escribirme|mandarme|enviarme)|dejen de (escribirme|mandarme|enviarme)|borrame|sacame de)\b/u,
  /\b(arretez? de (menvoyer|mecrire)|ne menvoyez plus|ne mecrivez plus|plus de (sms|messages))\b/u,
  /\b(keine (sms|nachrichten|werbung) mehr|schreibt? mir nicht mehr|will keine (sms|nachrichten)|hort auf (mir )?zu schreiben|lasst mich in ruhe)\b/u,
  /\b(nao quero mais|pare de (me )?(mandar|enviar)|non voglio piu|basta (messaggi|sms)|geen (berichten|sms|smsjes) meer)\b/u,
  /メッセージ(は|を)?(もう)?(いりません|送らないで|止めて|やめて)|もう(いりません|送らないで)|不要です/u,
];

/** What turns one of the sentences above into its opposite. */
const meansTheOpposite =
  /\b(dont|do not|never|cant|cannot|wont|please dont|no me) (ever )?(stop|quit|cease|halt|remove|unsubscribe|take me|drop)\b/u;

/** `no mas` and the like say nothing else; inside a longer sentence they may. */
const wholeText: ReadonlySet<string> = new Set([
  'no mas',
  'enough',
  'basta',
  'not interested',
  'no thanks stop',
  'stop it',
  'go away',
]);

/**
 * Whether a text probably asks us to stop (R41): hold sending to this fan and put it before a person.
 * Compliance words alone are `readComplianceWord`'s and do not come here.
 */
export function mayMeanOptOut(text: string): boolean {
  const plain = withoutAccents(foldedWords(text).join(' '));
  if (plain === '' || meansTheOpposite.test(plain)) return false;
  return wholeText.has(plain) || meansIt.some((pattern) => pattern.test(plain));
}
