import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { awsCaller, type Caller } from '../../../../src/live/aws/calls/call.ts';
import { type Aws, awsClients } from '../../../../src/live/aws/calls/clients.ts';
import type { Clock } from '../../../../src/live/ports/clock.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { errorXml, type Xml, xmlOf } from './xml.ts';

/** What the scripted AWS answers one request with; `lost` takes the request and cuts the line. */
export type Answered =
  | Xml
  | { readonly raw: string; readonly status: number }
  | { readonly error: string; readonly message?: string; readonly status?: number }
  | 'lost';

export type Params = Readonly<Record<string, string>>;

/** Answers by action; `count` is how many requests of that action there were before. */
export type Script = Readonly<Record<string, (params: Params, count: number) => Answered>>;

export interface Scripted {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly clock: Clock;
  /** The query parameters of every request of an action, in order, without its name and version. */
  sent(action: string): readonly Params[];
  close(): Promise<void>;
}

/** AWS on loopback that answers what it is told, and the real clients that call it. */
export async function scriptedAws(script: Script, clock = jumpingClock()): Promise<Scripted> {
  const requests: { readonly action: string; readonly params: Params }[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { Action: action = '', ...all } = Object.fromEntries(new URLSearchParams(text));
      const params = Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'Version'));
      const count = requests.filter((one) => one.action === action).length;
      requests.push({ action, params });
      const answer = script[action]?.(params, count) ?? {
        error: 'InvalidAction',
        message: `${action} is not scripted`,
      };
      reply(response, action, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const aws = awsClients();
  return {
    aws,
    clock,
    caller: awsCaller({ telemetry: silent, clock }),
    sent: (action) => requests.filter((one) => one.action === action).map(({ params }) => params),
    close: () => {
      aws.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** A clock on which a wait takes no time: it jumps to whatever is waited for. */
export function jumpingClock(from = Date.UTC(2026, 4, 11, 8)): Clock {
  let now = from;
  return {
    now: () => now,
    at: (instant, ring) => {
      const turn = setImmediate(() => {
        now = Math.max(now, instant);
        ring();
      });
      return () => {
        clearImmediate(turn);
      };
    },
  };
}

function reply(response: ServerResponse, action: string, answer: Answered): void {
  if (answer === 'lost') {
    response.socket?.destroy();
    return;
  }
  if ('raw' in answer && typeof answer.raw === 'string' && typeof answer.status === 'number')
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.raw);
  else if ('error' in answer && typeof answer.error === 'string')
    response
      .writeHead(typeof answer.status === 'number' ? answer.status : 400, { 'content-type': 'text/xml' })
      .end(errorXml(answer.error, typeof answer.message === 'string' ? answer.message : 'refused'));
  else response.writeHead(200, { 'content-type': 'text/xml' }).end(xmlOf(action, answer));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
