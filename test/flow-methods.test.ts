import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { told } from './support/flows.js'
import { type StepStamps, stamped } from './support/stamps.js'

let warnings: string[] = []
let stop = () => {}

test.before.each(() => {
  forgetWarnings()
  warnings = []
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())

const BASE: StepStamps = { scale: { reads: ['factor'] }, sum: { reads: ['factor', 'offset'] }, count: { reads: ['calls'] }, all: {} }

function service(stamps: StepStamps | undefined = BASE) {
  const store = memoryStore()
  const executed: string[] = []
  class Service {
    factor = 2
    offset = 1
    calls = 0
    static base = 10

    @memoize({ store }) async scale(value: number) {
      executed.push(`scale ${value}`)
      return { value: value * this.factor }
    }
    @memoize({ store, inputs: ['factor'] }) async sum(value: number) {
      executed.push(`sum ${value}`)
      return value * this.factor + this.offset
    }
    @memoize({ store }) async count() {
      executed.push('count')
      return ++this.calls
    }
    @memoize({ store }) async all() {
      executed.push('all')
      return this.factor
    }
    @memoize({ store }) static async make(value: number) {
      executed.push(`make ${value}`)
      return value + Service.base
    }
  }
  return { Service: stamps === undefined ? Service : stamped(Service, { ...stamps, make: { reads: ['base'] } }), executed }
}

test('a second call with the same arguments and fields is not executed, whichever instance it is', async () => {
  const { Service, executed } = service()
  const first = await new Service().scale(3)
  assert.equal(await new Service().scale(3), first)
  await new Service().scale(4)
  assert.equal(executed, ['scale 3', 'scale 4'])
  assert.equal(warnings, [])
})

test('the fields that are read count, others do not', async () => {
  const { Service, executed } = service()
  await new Service().scale(3)
  assert.equal(await Object.assign(new Service(), { factor: 5 }).scale(3), { value: 15 })
  await Object.assign(new Service(), { offset: 5 }).scale(3)
  assert.equal(executed, ['scale 3', 'scale 3'])
})

test('`inputs` says which fields count; without reads all do', async () => {
  const { Service, executed } = service()
  await new Service().sum(3)
  await Object.assign(new Service(), { offset: 5 }).sum(3)
  await new Service().all()
  await Object.assign(new Service(), { offset: 5 }).all()
  assert.equal(executed, ['sum 3', 'all', 'all'])
})

test('a static method is memoized by the fields of its class', async () => {
  const { Service, executed } = service()
  assert.equal([await Service.make(1), await Service.make(1)], [11, 11])
  Service.base = 20
  assert.is(await Service.make(1), 21)
  assert.equal(executed, ['make 1', 'make 1'])
})

test('a method that writes fields runs each time and says so', async () => {
  const { Service, executed } = service()
  for (let round = 0; round < 2; round++) {
    const one = new Service()
    assert.equal([await one.count(), one.calls], [1, 1])
  }
  const both = [new Service(), new Service()]
  assert.equal(await Promise.all(both.map((one) => one.count())), [1, 1])
  assert.equal(
    both.map(({ calls }) => calls),
    [1, 1],
  )
  assert.is(executed.length, 4)
  assert.equal(warnings.length, 1)
  assert.match(warnings.join(), /MM4030 step `Service.count` runs uncached: it writes `this.calls`/)
})

test('without a stamp it runs each time and says so once', async () => {
  const { Service, executed } = service(undefined)
  const plain = class extends Service {}
  await new plain().scale(3)
  await new plain().scale(3)
  assert.equal([executed.length, warnings.length], [2, 1])
  assert.match(warnings.join(), /MM2101 .*mintmark\/transformer/)
})

test('a method that is not async is refused', async () => {
  class Sync {
    value() {
      return 1
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Sync.prototype, 'value') as PropertyDescriptor
  Object.defineProperty(Sync.prototype, 'value', (memoize({ store: memoryStore() }) as any)(Sync.prototype, 'value', descriptor))
  stamped(Sync, { value: { reads: [] } })
  let error: unknown
  await Promise.resolve(new Sync().value() as unknown).catch((thrown) => {
    error = thrown
  })
  assert.match(String(error), /MM4031 `Sync.value` is memoized but not async/)
})

test('a method that reads a private field which something assigns runs uncached, with a warning', async () => {
  const store = memoryStore()
  const executed: number[] = []
  class Secretive {
    #factor = 1
    by(factor: number) {
      this.#factor = factor
      return this
    }
    @memoize({ store }) async scale(value: number) {
      executed.push(value)
      return value * this.#factor
    }
  }
  stamped(Secretive, { scale: { reads: [], hidden: ['#factor'] } })
  assert.is(await new Secretive().by(2).scale(3), 6)
  assert.is(await new Secretive().by(4).scale(3), 12)
  assert.equal(executed, [3, 3])
  assert.is(warnings.length, 1)
  assert.match(warnings[0]!, /^MM4033 .*this\.#factor/)
})

test('in a flow a memoized method that is no step is refused', async () => {
  class Forgotten extends FlowSpec {
    @step start() {
      this.next(this.end)
    }
    @memoize async helper() {}
    @step end() {}
  }
  assert.match(String((await told(Forgotten, { store: memoryStore() })).error), /MM4032 `helper` of Forgotten .*`@step`/)
})

test.run()
