import type { SocialFake } from '#connectors/connector.ts';
import { answer, notFound, type Doors } from './answer.ts';
import {
  commentToWrite,
  directMessageQuery,
  directMessagesAnswer,
  directMessageToWrite,
  socialAnswer,
  socialSent,
  textNotTaken,
} from './contract.ts';
import type { SandboxFakes } from './fakes.ts';
import { isSocialFake } from './fakes.ts';
import { readBody, readQuery } from './input.ts';

/** Fans that the dock offers; any other name is a fan too. */
const fans = ['maya.listens', 'noor.k', 'ada_loud'];

/** What fans see and do on Instagram, and what a person does there in the artist's name. */
export function addSocialDoors({ read, write }: Doors, fakes: SandboxFakes): void {
  async function findAccount(projectId: string): Promise<SocialFake | undefined> {
    return (await fakes.ofProject(projectId)).map(({ fake }) => fake).find(isSocialFake);
  }

  async function accountOf(projectId: string): Promise<SocialFake> {
    const account = await findAccount(projectId);
    if (account === undefined) throw notFound('No Instagram account is lent to this project.');
    return account;
  }

  read('/instagram', async (context, projectId) => {
    const account = await findAccount(projectId);
    return answer(context, socialAnswer, {
      account: account?.account() ?? null,
      fans: account === undefined ? [] : fans.map((name) => ({ name, address: account.addressOf(name) })),
      posts: (await account?.posts()) ?? [],
    });
  });

  read('/instagram/messages', async (context, projectId) => {
    const { fan } = readQuery(context, directMessageQuery);
    return answer(context, directMessagesAnswer, { items: await (await accountOf(projectId)).messages(fan) });
  });

  write('/instagram/messages', async (context, projectId) => {
    const { by, ...message } = await readBody(context, directMessageToWrite);
    const account = await accountOf(projectId);
    if (by === 'artist') return answer(context, socialSent, await account.replyByHand(message), 201);
    const taken = await account.receiveMessage(message);
    return isTaken(taken)
      ? answer(context, socialSent, taken, 201)
      : answer(context, textNotTaken, taken, 502);
  });

  write('/instagram/comments', async (context, projectId) => {
    const comment = await readBody(context, commentToWrite);
    const taken = await (await accountOf(projectId)).receiveComment(comment);
    if (taken === null) throw notFound('There is no such post.');
    return isTaken(taken)
      ? answer(context, socialSent, taken, 201)
      : answer(context, textNotTaken, taken, 502);
  });
}

function isTaken({ webhookStatus }: { webhookStatus: number | null }): boolean {
  return webhookStatus !== null && webhookStatus >= 200 && webhookStatus < 300;
}
