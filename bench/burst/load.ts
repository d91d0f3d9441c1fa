import { Agent } from 'undici';
import { signTwilioForm } from '#connectors/twilio/signature.ts';

/** A webhook call made ready, so that signing costs the measured time nothing. */
export interface Shot {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Target {
  /** Scheme and host that the signatures cover. */
  publicUrl: string;
  path: string;
  authToken: string;
  number: string;
}

/** One keyword text a fan, signed as the provider does. `round` keeps message ids apart. */
export function makeShots(target: Target, phones: readonly string[], round: number): Shot[] {
  return phones.map((from, index) => {
    const sid = `SM${round.toString(16).padStart(4, '0')}${index.toString(16).padStart(28, '0')}`;
    const fields: [string, string][] = [
      ['MessageSid', sid],
      ['AccountSid', 'AC00000000000000000000000000000000'],
      ['From', from],
      ['To', target.number],
      ['Body', 'presave'],
      ['NumMedia', '0'],
    ];
    const body = new URLSearchParams(fields).toString();
    const signature = signTwilioForm(
      target.authToken,
      target.publicUrl + target.path,
      new URLSearchParams(body),
    );
    return {
      path: target.path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body,
    };
  });
}

/** Sends everything with `window` calls under way; answers with the statuses that were not 200. */
export async function fire(url: string, shots: readonly Shot[], window: number): Promise<number[]> {
  const agent = new Agent({ connections: window });
  const failed: number[] = [];
  let next = 0;
  const lane = async () => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) {
      const { statusCode, body } = await agent.request({
        origin: url,
        path: shot.path,
        method: 'POST',
        headers: shot.headers,
        body: shot.body,
      });
      await body.dump();
      if (statusCode !== 200) failed.push(statusCode);
    }
  };
  await Promise.all(Array.from({ length: window }, lane));
  await agent.close();
  return failed;
}
