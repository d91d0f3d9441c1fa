/** An error as AWS words it: its type in a header. */
export function refuse(status: number, type: string): Response {
  return Response.json(
    { message: `The request was refused: ${type}` },
    {
      status,
      headers: {
        'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/`,
        'x-amzn-requestid': 'fake',
      },
    },
  );
}
