// The circuit breaker and the gate, by themselves, with a clock of the test's.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBreaker } from '../../runtime/stores/breaker.js'
import { openGate } from '../../runtime/stores/gate.js'

const OUTAGE = new Error('outage')

function breaker() {
  const state = { now: 0, ran: 0 }
  const guard = openBreaker({
    after: 3,
    ms: 100,
    counts: (error) => error === OUTAGE,
    refusal: () => new Error('refused'),
    now: () => state.now,
  })
  const go = (error?: Error) =>
    guard(async () => {
      state.ran++
      if (error) throw error
      return 'done'
    }).catch((error: Error) => error.message)
  return { state, go, guard }
}

test('after so many failures in a row nothing is run, until the time is up and one goes', async () => {
  const { state, go } = breaker()
  const told: string[] = []
  for (const error of [OUTAGE, OUTAGE, OUTAGE, undefined, undefined]) told.push(await go(error))
  assert.equal(told, ['outage', 'outage', 'outage', 'refused', 'refused'])
  state.now = 100
  assert.equal(await Promise.all([go(OUTAGE), go(), go()]), ['outage', 'refused', 'refused'])
  state.now = 199
  assert.is(await go(), 'refused')
  state.now = 200
  assert.equal(await Promise.all([go(), go()]), ['done', 'refused'])
  assert.equal(await Promise.all([go(), go()]), ['done', 'done'])
  assert.is(state.ran, 7)
})

test('an answer in between, and a refusal that shows that someone answers, begin the count anew', async () => {
  const { go } = breaker()
  for (const between of [undefined, new Error('403')]) {
    for (const error of [OUTAGE, OUTAGE, between, OUTAGE, OUTAGE]) await go(error)
    assert.is(await go(), 'done')
  }
})

test('a gate lets so many in at once, in their order, also after one that throws', async () => {
  const gate = openGate(2)
  const order: number[] = []
  let inside = 0
  let most = 0
  const work = (n: number) => async () => {
    most = Math.max(most, ++inside)
    order.push(n)
    await new Promise((done) => setImmediate(done))
    inside--
    if (n === 1) throw new Error('one')
    return n
  }
  const told = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => gate(work(n))))
  assert.equal(
    told.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  )
  assert.equal([order, most], [[0, 1, 2, 3, 4], 2])
})

test.run()
