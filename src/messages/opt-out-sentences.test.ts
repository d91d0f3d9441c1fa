import { describe, expect, test } from 'vitest';
import { mayMeanOptOut } from './opt-out-sentences.ts';

describe('R41 sentences that mean an opt-out', () => {
  test.each([
    'Please stop texting me',
    'stop sending me these',
    'STOP MESSAGING ME!!!',
    'Stop the texts',
    'stop it',
    'please stop this now',
    "Don't text me again",
    'do not contact me',
    "I don't want any more messages",
    'no more texts please',
    'remove me from this list',
    'Take me off your list',
    'unsubscribe me from this',
    'how do i unsubscribe',
    'I want to opt out of this',
    'I’d like to be removed from the list',
    'lose my number',
    'wrong number',
    'leave me alone',
    'No más',
    'no más mensajes por favor',
    'deja de escribirme',
    "Arrêtez de m'envoyer des sms",
    'Keine SMS mehr!',
    'bitte schreibt mir nicht mehr',
    'não quero mais receber',
    'basta messaggi',
    'geen berichten meer',
    'もう送らないで',
  ])('%j holds sending', (text) => {
    expect(mayMeanOptOut(text)).toBe(true);
  });

  test.each([
    "can't stop listening",
    "don't stop the show",
    "don't stop sending these",
    'never stop texting us',
    "please don't remove me from the list",
    'I quit my job for your tour',
    'this is the end',
    'PRESAVE',
    'cancel culture',
    'no more sad songs',
    'enough is enough is my favourite',
    'text me the link',
    'send me more',
    'how do I get tickets',
    'stop by the merch stand',
    '',
    '👍',
    'basta is a great song',
    'wrong numbers is my favourite song',
    'I want to be first',
    'take me to the show',
    'get me out of the rain',
  ])('%j does not', (text) => {
    expect(mayMeanOptOut(text)).toBe(false);
  });
});
