import { foldedWords, withoutAccents } from '#lib/fold-text.ts';
import type { WordLanguage } from '#lib/compliance-words.ts';

/**
 * Sentences that a reasonable reader takes for an opt-out, though no compliance word stands alone in
 * them (R41; 47 CFR 64.1200(a)(10): any reasonable means). They hold sending until a person has
 * looked, so a pattern may err a little on the side of holding, but never at a lyric or a compliment.
 * Matched against folded words without apostrophes and accents, joined by single spaces. The cases
 * they were made for are published in docs/opt-out-words.md.
 */
const meansIt: Readonly<Record<WordLanguage, readonly RegExp[]>> = {
  en: [
    /\b(stop|quit|cease|halt) (texting|messaging|msging|sending|spamming|contacting|bothering|harassing|bugging|(the|these|all|your) (texts|messages|msgs|spam)|(texts|messages|msgs))\b/u,
    /\b(stop|end) (it|this|now|already)( now| please| pls)?$/u,
    /^stop (i|you|u|it|im|this|me)\b|\bi said stop\b|\bmake (it|this) stop\b/u,
    /\b(dont|do not|never) (ever )?(text|message|msg|contact|write|send) (me|us|this number)\b(?! (too|the|a|your)\b)/u,
    /\bif you (text|message|contact) (me|us)\b/u,
    /\b(dont|do not|no longer) (want|wanna|wish|need|like) (any ?more |any |more |these |this |your |to |get |receive |hear |getting )*(texts?|messages?|msgs?|spam|from you|these( any ?more)?|this any ?more)\b/u,
    /\bno more (texts?|messages?|msgs?|spam)\b/u,
    /\b(remove|take|delete|unsubscribe|drop|get) (me|my number|this number|us) (off|from) (of )?(this|the|your|all|ur)\b|\b(remove|delete) my number\b|\btake me off$/u,
    /\b(want|like|wanna|need|how (do|can|to)( i)?) (to )?(be )?(opt(ed)? out|unsubscribed?|cancel (these|the|my|your) (texts|messages|msgs|subscription)|removed from|taken off)\b/u,
    /\bcancel my (subscription|texts|messages)\b|\brevoke my (consent|permission)\b|\b(withdraw|revoke) consent\b/u,
    /\b(didnt|did not|never) (sign|signed|subscribe|subscribed|opt|opted) ?(up|in)?( for| to)? (this|these|texts|messages|that|any)\b/u,
    /\bopt me out\b|\bunsubscribe me\b|\blose my number\b|\bleave me alone\b|\bwrong number\b/u,
  ],
  es: [
    /\b(no mas|no quiero( recibir)?( mas)?|basta de) (mensajes?|sms|textos)\b|\bno quiero (recibir|mas)\b/u,
    /\b(deja|deje|dejen|dejad) de (escribir|mandar|enviar|molestar)(me)?\b/u,
    /\bno me (escrib|mand|envi|molest)\w*( mas)?\b|\bya no me (escrib|mand|envi)/u,
    /\b(quiero|quisiera|como) (darme|dar) de baja\b|\bnumero equivocado\b|\b(borrame|sacame|quitame|eliminame|borrenme|saquenme)\b/u,
  ],
  fr: [
    /\b(arretez?|cessez) de (m|me|nous) ?(envoyer|ecrire|contacter|envoyez)|\barretez? de (menvoyer|mecrire|me contacter)\b/u,
    /\bne (menvoyez|menvoie|mecrivez|mecris|me contactez) plus\b|^plus de (sms|messages)\b/u,
    /\bne (veux|souhaite) plus (de |recevoir|vos|ces)|\b(veux|voudrais|souhaite) (me )?(desabonner|desinscrire)\b/u,
    /\bmauvais numero\b|\blaisse[zr]? ?moi tranquille\b|\b(retire|enleve|supprime)[zr]? ?moi de\b/u,
  ],
  de: [
    /\bkeine (sms|nachrichten|werbung|texte) mehr\b|\b(will|mochte|wunsche|brauche) keine (sms|nachrichten|werbung)\b/u,
    /\bschreib(t|en sie)? (mir|uns) (bitte )?(nicht|nie|nichts) (mehr|wieder)\b|\bhor(t|en sie)? auf (mir )?(zu schreiben|zu texten|damit)\b/u,
    /\blass(t|en sie)? mich in ruhe\b|\bfalsche nummer\b|\bwiderrufe (meine|die) einwilligung\b/u,
    /\b(mochte|will|kann ich) mich (hier )?(abmelden|austragen)\b|\bnehm(t|en sie)? mich von (der|eurer|ihrer) liste\b/u,
  ],
  pt: [
    /\bnao quero mais (receber|mensage|sms|nada)|\bpar(e|em) de (me )?(mandar|enviar|escrever)\b/u,
    /\bnao me (mand|envi|escrev)\w* mais\b|\b(tira|tire|tirem|remova|remove) (me |meu numero )?da lista\b/u,
    /\bquero (sair|me descadastrar)( da lista)?$|\bnumero errado\b/u,
  ],
  it: [
    /\bbasta (messaggi|sms|con)\b|\bnon voglio piu\b|\bnon mi (scriv|mand|invi)\w* piu\b/u,
    /\b(smett\w+|finit\w+) di (scriver|mandar|inviar)(mi)?\b|\b(toglietemi|toglimi|rimuovetemi|cancellatemi) (da|dalla)\b/u,
    /\bnumero sbagliato\b|\bvoglio (cancellarmi|disiscrivermi)\b|\blasciatemi in pace\b/u,
  ],
  nl: [
    /\bgeen (berichten|bericht|sms|smsjes|reclame) meer\b|\bstop met (smsen|sms|appen|berichten|sturen)\b/u,
    /\b(haal|verwijder) me (van|uit) (de|jullie|deze) lijst\b|\bstuur (me|mij) (niets|niks|geen \w+) meer\b/u,
    /\bverkeerd nummer\b|\blaat me met rust\b|\bwil (me|mij) (afmelden|uitschrijven)\b/u,
  ],
  ja: [
    /(メッセージ|メール|配信|sms|連絡)(は|を|の)?(もう)?(いりません|いらない|送らないで|止めて|とめて|やめて|停止)/u,
    /もう(いりません|送らないで|送ってこないで|結構です)|不要です|(登録|配信)(を|の)?(解除|停止)(したい|して)|番号が?(違い|ちがい|間違)/u,
  ],
};

/** What turns one of the sentences above into its opposite. */
const meansTheOpposite =
  /\b(dont|do not|never|cant|cannot|wont|didnt mean to|no me|no puedo|nao consigo|nie|niemals) (ever |you )?(stop|quit|cease|halt|end|remove|unsubscribe|take me|drop|leave me|parar)\b/u;

/** Whole texts that say nothing else; inside a longer sentence the same words may. */
const wholeText: ReadonlySet<string> = new Set([
  'no mas',
  'no more',
  'enough',
  'basta',
  'not interested',
  'no longer interested',
  'stop it',
  'go away',
]);

const patterns = Object.values(meansIt).flat();

/**
 * Whether a text probably asks us to stop (R41): hold sending to this fan and put it before a person.
 * Compliance words alone are `readComplianceWord`'s and do not come here.
 */
export function mayMeanOptOut(text: string): boolean {
  const plain = withoutAccents(foldedWords(text).join(' '));
  if (plain === '' || meansTheOpposite.test(plain)) return false;
  return wholeText.has(plain) || patterns.some((pattern) => pattern.test(plain));
}
