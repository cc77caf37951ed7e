// Instances of classes as inputs: keyed by their own fields under their class, or by what the class offers, and refused where that is not all.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { asKey, EncodeError, inputDigest } from '../runtime/codec.js'
import { CLASS_MARK } from '../runtime/contract.js'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { counted as countedFunction } from './support/counted.js'
import { ran } from './support/flows.js'
import { stamped } from './support/stamps.js'

/** As the transformer would mark it. */
function marked<Class extends abstract new (...args: any[]) => object>(Class: Class, hidden?: string, id = `test.ts#${Class.name}`): Class {
  Object.defineProperty(Class, CLASS_MARK, { value: { id, ...(hidden && { hidden }) }, configurable: true })
  return Class
}

const Doc = marked(
  class Doc {
    text: unknown
    constructor(text: unknown) {
      this.text = text
    }
    size() {
      return String(this.text).length
    }
  },
)
const Twin = marked(
  class Twin {
    text: unknown
    constructor(text: unknown) {
      this.text = text
    }
  },
)
const Heir = class Heir extends Doc {}
const Secret = marked(
  class Secret {
    #n: number
    constructor(n: number) {
      this.#n = n
    }
    get n() {
      return this.#n
    }
  },
  'it keeps state in `#n`',
)
const Offering = marked(
  class Offering {
    #n: number
    log = () => {}
    constructor(n: number) {
      this.#n = n
    }
    [asKey]() {
      return { n: this.#n }
    }
  },
  'it keeps state in `#n`',
)

const CLASSES = ['test.ts#Doc', 'test.ts#Twin', 'test.ts#Secret', 'test.ts#Offering']
const keyOf = (value: unknown, classes: readonly string[] = CLASSES) => inputDigest(value, classes)

const SAME: Readonly<Record<string, () => readonly [unknown, unknown]>> = {
  'equal fields': () => [new Doc('a'), new Doc('a')],
  'in arrays and maps': () => [[new Map([['d', new Doc(1)]])], [new Map([['d', new Doc(1)]])]],
  'what the class offers': () => [new Offering(1), new Offering(1)],
}
for (const [name, make] of Object.entries(SAME))
  test(`one key: ${name}`, () => {
    const [a, b] = make()
    assert.is(keyOf(a), keyOf(b))
  })

const DIFFERENT: Readonly<Record<string, () => readonly [unknown, unknown]>> = {
  'another field': () => [new Doc('a'), new Doc('b')],
  'another class': () => [new Doc('a'), new Twin('a')],
  'a plain object of the same fields': () => [new Doc('a'), { text: 'a' }],
  'one more field': () => [new Doc('a'), Object.assign(new Doc('a'), { more: 1 })],
  'fields in another order': () => [Object.assign(new Doc('a'), { b: 1, c: 2 }), Object.assign(new Doc('a'), { c: 2, b: 1 })],
  'one shared, or two': () => {
    const doc = new Doc('a')
    return [
      [doc, doc],
      [doc, new Doc('a')],
    ]
  },
  'an instance inside': () => [new Doc(new Doc('a')), new Doc(new Twin('a'))],
  'what the class offers': () => [new Offering(1), new Offering(2)],
}
for (const [name, make] of Object.entries(DIFFERENT))
  test(`two keys: ${name}`, () => {
    const [a, b] = make()
    assert.is.not(keyOf(a), keyOf(b))
  })

test('the place of the class in the stamp is in the key, its name is not', () => {
  assert.is.not(keyOf(new Doc('a'), ['test.ts#Doc', 'x']), keyOf(new Doc('a'), ['x', 'test.ts#Doc']))
  const Renamed = marked(class Renamed extends Object {}, undefined, 'elsewhere.ts#Renamed')
  const Named = marked(class Named extends Object {}, undefined, 'test.ts#Named')
  assert.is(keyOf(new Renamed(), ['elsewhere.ts#Renamed']), keyOf(new Named(), ['test.ts#Named']))
})

function refusal(value: unknown, classes: readonly string[] = CLASSES): EncodeError {
  try {
    keyOf(value, classes)
  } catch (error) {
    if (error instanceof EncodeError) return error
    throw error
  }
  throw new Error('it was taken')
}

const WITH = (change: (doc: any) => void): object => {
  const doc = new Doc('a')
  change(doc)
  return doc
}
const REFUSED: Readonly<Record<string, readonly [make: () => unknown, why: RegExp]>> = {
  'a class that the inputs are not annotated with': [() => new (marked(class Other {}))(), /nothing says.*Annotate the input/],
  'a class without a mark': [() => new (class Bare {})(), /nothing says.*Annotate the input/],
  'a subclass': [() => new Heir('a'), /Heir.*nothing says/],
  'private state': [() => new Secret(1), /keeps state in `#n`.*\[asKey\]\(\)/],
  'a function in a field': [() => new Doc(() => 1), /`\$\.text` \(function\)/],
  'a field with a symbol': [() => WITH((d) => (d[Symbol('s')] = 1)), /a symbol/],
  'a hidden field': [() => WITH((d) => Object.defineProperty(d, 'h', { value: 1 })), /not enumerable/],
  'an own accessor': [() => WITH((d) => Object.defineProperty(d, 'g', { get: () => 1, enumerable: true })), /accessor/],
  'a proxy': [() => new Proxy(new Doc('a'), {}), /proxy/],
  'a map in the clothes of the class': [() => Object.setPrototypeOf(new Map([[1, 1]]), Doc.prototype), /more than its fields/],
  'an array in the clothes of the class': [() => Object.setPrototypeOf([1], Doc.prototype), /more than its fields/],
  'an object in the clothes of the class whose prototype names another': [
    () => Object.create(Object.create(Doc.prototype, { constructor: { value: Doc } })),
    /nothing says/,
  ],
  'a method that fails': [
    () => {
      const offering = new Offering(1)
      return Object.setPrototypeOf({}, Object.getPrototypeOf(offering))
    },
    /`\[asKey\]\(\)` failed/,
  ],
}
for (const [name, [make, why]] of Object.entries(REFUSED))
  test(`refused: ${name}`, () => {
    assert.match(refusal(make()).message, why)
  })

test('refused: an instance whose class cannot be told from another of the stamp', () => {
  assert.match(refusal(new Doc('a'), ['test.ts#Doc', 'test.ts#Doc']).message, /nothing says/)
})

let warnings: string[] = []
let stop = () => {}
test.before.each(() => {
  warnings = []
  forgetWarnings()
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())

function counted(fn: (...args: any[]) => unknown, parts: object = {}) {
  return countedFunction(fn, { parts: { classes: CLASSES, ...parts } })
}

test('a memoized function hits for an equal instance and runs for another', async () => {
  const { memoized, runs } = counted(async (doc: InstanceType<typeof Doc>) => doc.size())
  assert.equal([await memoized(new Doc('abc')), await memoized(new Doc('abc')), await memoized(new Doc('ab'))], [3, 3, 2])
  assert.is(runs.length, 2)
  assert.equal(warnings, [])
})

test('an instance that a function captures counts, too', async () => {
  let doc = new Doc('a')
  const { memoized, runs } = counted(async () => 1, { captures: () => ({ doc }) })
  await memoized()
  await memoized()
  doc = new Doc('b')
  await memoized()
  assert.is(runs.length, 2)
})

test('a call with an instance that keeps state elsewhere runs uncached and says the way out', async () => {
  const { memoized, runs } = counted(async () => 1)
  await memoized(new Secret(1))
  await memoized(new Secret(1))
  assert.is(runs.length, 2)
  assert.is(warnings.length, 1)
  assert.match(warnings[0]!, /^MM2103 .*`\$\[0\]` \(Secret\).*\[asKey\]\(\)/)
})

test('as a result an instance has no bytes without a codec', async () => {
  const { memoized, runs } = counted(async () => new Doc('a'))
  assert.instance(await memoized(), Doc)
  await memoized()
  assert.is(runs.length, 2)
  assert.match(warnings[0]!, /^MM2105 .*`registerCodec`/)
})

interface Line {
  readonly text?: string
  readonly classes?: readonly string[]
  readonly work?: (doc: any) => unknown
  readonly reads?: readonly string[]
}

function line({ text = 'a', classes = CLASSES, work = (doc) => doc.size(), reads = ['doc'] }: Line) {
  class DocFlow extends FlowSpec {
    doc!: InstanceType<typeof Doc>
    out: unknown
    @step start() {
      this.doc = new Doc(text)
      this.next(this.work)
    }
    @memoize({}) @step work() {
      this.out = work(this.doc)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(DocFlow, { start: {}, work: { classes, reads }, end: {} })
}

async function second(first: Line, then: Line): Promise<boolean> {
  const store = memoryStore()
  await ran(line(first), { store })
  return (await ran(line(then), { store })).log.includes('work hit')
}

test('a step that reads an instance hits when its fields are the same', async () => {
  assert.is(await second({}, {}), true)
  assert.is(await second({}, { text: 'b' }), false)
  assert.not(warnings.some((w) => w.startsWith('MM4002')))
})

test('a step whose inputs are not annotated with the class runs uncached', async () => {
  assert.is(await second({ classes: [] }, { classes: [] }), false)
  assert.match(warnings.find((w) => w.startsWith('MM4002'))!, /Annotate the input/)
})

test('a step that changes an instance among its inputs is not stored, since a hit would not change it', async () => {
  const changing: Line = {
    work: (doc) => {
      doc.text += '!'
      return doc.size()
    },
  }
  assert.is(await second(changing, changing), false)
  assert.ok(warnings.some((w) => w.startsWith('MM4035 ')))
})

test.run()
