import { type Room, room } from '../room.ts';

/** Swappable judgement. */
export const SHELF: readonly Room[] = [
  room('policies/operating-hours/calendar', 'days, zones and clock times', 'src/policy', 'temporal-polyfill'),
  room(
    'policies/operating-hours/ical',
    'iCalendar files',
    'src/policy policies/operating-hours/calendar',
    'ical.js temporal-polyfill',
  ),
  room(
    'policies/operating-hours',
    'how many blocks are wanted when: one file a policy',
    'src/policy policies/operating-hours/**',
    'croner temporal-polyfill zod',
  ),
  room(
    'policies/scaling',
    'how many of the allowed blocks are wanted, seeing the jobs: one file a policy',
    'src/policy',
    'zod',
  ),
  room('policies/renewal', 'when a block makes room for its successor: one file a policy', 'src/policy', 'zod'),
  room('policies/purchase', 'what is bought: one file a policy', 'src/policy', 'zod'),
  room('policies', 'the catalogue: one line a policy', 'src/policy policies/**'),
];
