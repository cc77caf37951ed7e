// How long property tests search, and from where: the same values each time, so that a failure is the doing of the change at hand. Others, and
// more of them: `npm run test:properties`.

const { MINTMARK_TEST_SEED = '1', MINTMARK_TEST_TIMES = '1' } = process.env

export interface Draws {
  readonly numRuns: number
  readonly seed: number
  readonly includeErrorInReport: true
}

export function draws(count: number): Draws {
  return { numRuns: count * Number(MINTMARK_TEST_TIMES), seed: Number(MINTMARK_TEST_SEED), includeErrorInReport: true }
}
