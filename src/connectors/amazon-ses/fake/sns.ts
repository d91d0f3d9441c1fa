import { createSign, randomUUID } from 'node:crypto';
import { type SnsEnvelope, signedText } from '../sns.ts';
import { privateKey } from './certificate.ts';

export interface SnsOptions {
  topicArn: string;
  ownUrl: () => string;
  signatureVersion: '1' | '2';
}

type Told =
  | { kind: 'notification'; event: object; at: Date }
  | { kind: 'confirmation'; token: string; at: Date };

/** A message of SNS, signed with the sandbox's certificate. */
export function signedEnvelope(
  { topicArn, ownUrl, signatureVersion }: SnsOptions,
  told: Told,
): { headers: Record<string, string>; body: string } {
  const isNotification = told.kind === 'notification';
  const message: SnsEnvelope = {
    Type: isNotification ? 'Notification' : 'SubscriptionConfirmation',
    MessageId: randomUUID(),
    TopicArn: topicArn,
    Message: isNotification ? JSON.stringify(told.event) : 'You have chosen to subscribe to the topic.',
    Timestamp: told.at.toISOString(),
    SignatureVersion: signatureVersion,
    Signature: '',
    SigningCertURL: `${ownUrl()}/SimpleNotificationService-sandbox.pem`,
    ...(isNotification
      ? { Subject: 'Amazon SES Email Event Notification' }
      : {
          Token: told.token,
          SubscribeURL: `${ownUrl()}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${told.token}`,
        }),
  };
  const sign = createSign(signatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
  message.Signature = sign.update(signedText(message), 'utf8').sign(privateKey, 'base64');
  return {
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': message.Type,
      'x-amz-sns-topic-arn': topicArn,
    },
    body: JSON.stringify(message),
  };
}
