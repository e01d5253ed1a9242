import { keptOf } from '../../src/pool/keptObservations.ts';
import { noObservations } from '../../src/pool/observations.ts';
import { lineOfHeader, lineOfTurn } from '../../src/world/recording.ts';
import { SHAPES } from '../data/records/jobs/shapes.ts';

const AT = Date.parse('2026-03-02T08:00:00Z');

const header = lineOfHeader({
  ...{ format: 'spot-keeper/recording', version: 2, release: '0.1.0', source: 'live', tz: '2025c' },
  pools: { fleet: 'ci', pools: [] },
});
const offer = {
  instanceType: 'm5.large',
  zone: 'eu-central-1a',
  term: 'spot',
  durationMs: 3_600_000,
  usdPerHour: 0.1,
} as const;
const lease = {
  instanceId: 'i-1',
  offer,
  startsAt: AT,
  expiresAt: AT + 3_600_000,
  hardEndAt: Number.POSITIVE_INFINITY,
};
const node = { name: 'n', ready: true, cordoned: false, marks: [], jobs: [{ id: 'j', startedAt: AT }] };

const turns = [
  lineOfTurn(
    {
      type: 'inventory.taken',
      at: AT,
      sightings: [{ blockId: 'ci-0.1', attempt: 1, lease, node }],
      generations: { 'ci-0': 1 },
      complete: true,
    },
    [],
  ),
  lineOfTurn({ type: 'capacity.granted', at: AT + 1, blockId: 'ci-1.1', token: 'ci-1.1.1', lease }, []),
  lineOfTurn({ type: 'node.seen', at: AT + 2, blockId: 'ci-0.1', takenAt: AT, node }, []),
  lineOfTurn({ type: 'offers.quoted', at: AT + 3, pool: 'ci', offers: [offer] }, []),
  lineOfTurn({ type: 'clock.reached', at: AT + 4 }, []),
  '{"condition":{"type":"price.changed","at":1772438405000,"market":"m5.large/eu-central-1a","usdPerHour":0.1}}',
];
const earlier = [
  header.replace('"version":2', '"version":1'),
  '{"fact":{"type":"inventory.taken","sightings":[{"blockId":"ci-0.1","attempt":1,"cordoned":false,"jobs":["a"],"node":"n","lease":{"instanceId":"i-1","offer":{"instanceType":"m5.large","zone":"eu-central-1a","term":"spot","durationMs":3600000,"usdPerHour":0.1},"startsAt":1778457600000,"expiresAt":1778461200000,"hardEndAt":"never"}}],"generations":{},"complete":true,"at":1778457600000},"effects":[]}',
  '{"fact":{"type":"node.ready","at":1778457600001,"blockId":"ci-0.1","node":"n"},"effects":[]}',
  '{"fact":{"type":"job.finished","at":1778457600002,"blockId":"ci-0.1","job":"a","durationMs":1},"effects":[]}',
];

const event = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\n');

const day = JSON.stringify(Array.from({ length: 24 }, (_, hour) => (hour > 7 && hour < 18 ? 3 : 0)));
const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => `"${name}":${day}`).join(',');

const jobs = [0, 1, 2, 3].map((id) => ({
  ...{ id: id + 1, workflow: 'CI', name: id % 2 === 0 ? 'build' : 'lint' },
  ...{ queuedAt: AT + id * 60_000, startedAt: AT + id * 60_000 + 5_000, endedAt: AT + id * 60_000 + 125_000 },
}));

/** Small texts that are right, by what reads them; the larger ones are shipped with the project. */
export const EXAMPLES = {
  calendars: [
    event(
      'DTSTART;TZID=Europe/Berlin:20260302T080000',
      'DURATION:PT9H',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231T000000Z',
    ),
    event(
      'DTSTART:20260302T080000Z',
      'DTEND:20260302T180000Z',
      'RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=12',
      'EXDATE:20260331T080000Z',
    ),
    event(
      'SUMMARY:New Year',
      'DTSTART;VALUE=DATE:20260101',
      'RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=1',
      'RDATE;VALUE=DATE:20260501',
    ),
    event(
      'DTSTART:20260302T080000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;INTERVAL=3;BYMONTHDAY=-1,1;WKST=SU',
      'STATUS:CONFIRMED',
    ),
  ],
  crons: [
    '0 8 * * mon-fri\n0 18 * * mon-fri',
    '0 20 L * *\n0 2 1 * *',
    '*/15 7-9 * 2 mon#1\n30 9 * * *',
    '0 0 29 2 *\n0 1 * * 7',
  ],
  weeks: [`{"policy":{"zone":"UTC","blocks":{${week}}}}`],
  recordings: [[header, ...turns, ''].join('\n'), [...earlier, ''].join('\n')],
  prices: [
    'at,instanceType,zone,product,usdPerHour\n2026-03-02T00:00:00Z,m5.large,eu-central-1a,Linux/UNIX,0.1\n2026-03-03T00:00:00Z,m5.large,eu-central-1a,Linux/UNIX,0.2\n',
    '{"SpotPriceHistory":[{"AvailabilityZone":"eu-central-1a","InstanceType":"m5.large","ProductDescription":"Linux/UNIX","SpotPrice":"0.1","Timestamp":"2026-03-02T00:00:00+00:00"}]}',
  ],
  jobs: [
    'job,queuedAt,durationSeconds,class\na,2026-03-02T08:00:00Z,60,build\nb,2026-03-02T08:01:00Z,120,test\n',
    'created_at,started_at,completed_at\n2026-03-02T08:00:00Z,2026-03-02T08:00:10Z,2026-03-02T08:10:00Z\n',
  ],
  // As text: what UTF-16 adds is tried by changing bytes.
  exports: SHAPES.map(({ write }) => write(jobs)).filter((written) => typeof written === 'string'),
  kubeconfigs: [
    [
      ...['apiVersion: v1', 'kind: Config', 'current-context: ci', 'clusters:', '  - name: ci'],
      ...['    cluster: { server: "https://10.0.0.1:6443", certificate-authority-data: YWJj, tls-server-name: api }'],
      ...['contexts:', '  - { name: ci, context: { cluster: ci, user: ci, namespace: runners } }', 'users:'],
      ...[
        '  - name: ci',
        '    user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks],',
      ],
      ...['      env: [{ name: AWS_PROFILE, value: ci }], interactiveMode: Never } }', ''],
    ].join('\n'),
    '{"current-context":"a","clusters":[{"name":"a","cluster":{"server":"http://127.0.0.1:1"}}],"contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],"users":[{"name":"a","user":{"tokenFile":"t"}}]}',
  ],
  traces: ['{"metadata":{"gap_seconds":600,"prices":1.0},"data":[0,1,1,0,1]}'],
  notices: [
    '{"version":"0","source":"aws.ec2","detail-type":"EC2 Spot Instance Interruption Warning","time":"2026-03-02T08:00:00Z","region":"eu-central-1","resources":[],"detail":{"instance-id":"i-0a","instance-action":"terminate"}}',
    '{"source":"aws.health","detail-type":"AWS Health Event","time":"2026-03-02T08:00:00Z","detail":{"service":"EC2","eventTypeCategory":"scheduledChange","affectedEntities":[{"entityValue":"i-0a"}]}}',
    '{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","time":"2026-03-02T08:00:00Z","detail":{"instance-id":"i-0a","state":"terminated"}}',
  ],
  observations: [JSON.stringify(keptOf(noObservations))],
  tags: [
    [
      ...['fleet=ci', 'pool=ci', 'slot=0', 'gen=1', 'token=ci-0.1.1', 'term=spot', 'lease-seconds=3600'],
      ...['expires=2026-03-02T08:00:00.000Z', 'usd-per-hour=0.1', 'template=abc'],
    ]
      .map((tag) => `spot-keeper.io/${tag}`)
      .join('\n'),
  ],
  environments: [
    [
      ...['ASG_NAME=ci', 'TARGET_INSTANCE_COUNT=15', 'OPERATION_START=08:00', 'OPERATION_END=18:00'],
      ...['OPERATION_DOW=mon-fri', 'OPERATION_TZ=Europe/Berlin', 'BLOCK_DURATION=240', 'REPLACEMENT_LIMIT_SECONDS=3'],
      ...['CREATION_DELAY_SECONDS=10', 'CHECK_NAMESPACE=ci', 'CHECK_POD_KEYWORD=runner', 'CHECK_WAIT_TIMEOUT=60'],
    ].join('\n'),
  ],
  flags: {
    renewal: ['surge,drainFirst', '{ policy: surge, lead: 30m },{ policy: drainFirst }', './late.ts,/late.ts'],
    lease: ['4h,90m'],
    term: ['spot,on-demand'],
  },
  userData: ['IyEvYmluL2Jhc2g=', 'IyEvYmluL2Jhc2gKL2V0Yy9la3MvYm9vdHN0cmFwLnNoIGNpCg=='],
} as const;
