import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Aws, awsClients } from '../../../src/live/aws/calls/clients.ts';

/** What the server does with one request; `hang` never answers, `reset` closes the connection, `cut` half way. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | 'hang'
  | 'reset'
  | 'cut';

/** A request as the server got it. */
export interface Asked {
  readonly action: string;
  /** The fields of a query request. */
  readonly fields: Readonly<Record<string, string>>;
  /** The body as it came, for the services that speak JSON. */
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ScriptedAws {
  readonly aws: Aws;
  readonly url: string;
  /** Every request so far, in order. */
  readonly asked: readonly Asked[];
}

/** AWS as a function from requests to raw answers, over a socket, and the real clients in front of it. */
export async function aScriptedAws(
  answer: (asked: Asked, count: number) => Reply | Promise<Reply>,
): Promise<ScriptedAws> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const target = request.headers['x-amz-target'];
      const fields = target === undefined ? Object.fromEntries(new URLSearchParams(body)) : {};
      const action = typeof target === 'string' ? target.split('.').at(-1)! : (fields['Action'] ?? '');
      const one = { action, fields, body, headers: request.headers };
      asked.push(one);
      void Promise.resolve(answer(one, asked.length)).then((reply) => {
        send(response, reply);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const aws = awsClients();
  onTestFinished(async () => {
    aws.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { aws, url, asked };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.socket?.destroy();
    return;
  }
  if (reply === 'cut') {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('<DescribeInstancesResponse>', () => response.socket?.destroy());
    return;
  }
  response.writeHead(reply.status ?? 200, reply.headers);
  response.end(reply.body);
}

/** A refusal as EC2 writes it. */
export const refusal = (
  code: string,
  {
    status = 400,
    message = 'no',
    headers = {},
  }: { status?: number; message?: string; headers?: Record<string, string> } = {},
): Reply => ({
  status,
  headers,
  body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
});

/** An answer of EC2 to an action, around its content. */
export const answered = (action: string, content: string): Reply => ({
  body: `<?xml version="1.0"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${content}</${action}Response>`,
});

/** A page of DescribeInstances, each item in a reservation of its own. */
export const aPageOf = (items: readonly string[], nextToken?: string): Reply =>
  answered(
    'DescribeInstances',
    `<reservationSet>${items
      .map((item) => `<item><instancesSet>${item}</instancesSet></item>`)
      .join('')}</reservationSet>${nextToken === undefined ? '' : `<nextToken>${nextToken}</nextToken>`}`,
  );
