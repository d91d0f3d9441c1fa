import { json } from '../../kit/fake/answers.ts';

export function refusal(status: number, code: string, title: string, detail = title): Response {
  return json({ errors: [{ id: 'SANDBOX', title, detail, status: String(status), code }] }, status);
}

/** 202 and nothing in it: taken, not done. */
export function accepted(): Response {
  return new Response(null, { status: 202 });
}

export function notFound(): Response {
  return refusal(404, '40400', 'Resource Not Found', 'Resource with requested id was not found');
}
