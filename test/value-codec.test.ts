// A user's own codec for a class: by name, exact, versioned; and what happens to stored bytes when it is not there.

import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codecOf, type Registered } from '../runtime/codec/registry.js'
import { codecsIn, decode, encode, inputDigest, isDecodable, registerCodec } from '../runtime/codec.js'
import { CLASS_MARK, digest } from '../runtime/contract.js'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { counted as countedFunction } from './support/counted.js'
import { ran } from './support/flows.js'
import { stamped } from './support/stamps.js'

class Money {
  readonly #cents: bigint
  constructor(cents: bigint) {
    this.#cents = cents
  }
  get cents() {
    return this.#cents
  }
}
registerCodec({ name: 'money', class: Money, version: 1, encode: (m) => m.cents, decode: (cents: bigint) => new Money(cents) })

/** A tree that leads to itself in its data, unless it is a leaf. */
class Node {
  up: Node | undefined
  readonly children: Node[]
  constructor(children: Node[]) {
    this.children = children
  }
}
registerCodec({
  name: 'node',
  class: Node,
  version: 1,
  encode: ({ children, up }) => ({ children, up }),
  decode: ({ children }) => new Node(children),
})

class Purse extends Map<string, Money> {}
registerCodec({ name: 'purse', class: Purse, version: 1, encode: (p) => [...p], decode: (entries) => new Purse(entries) })

/** Its constructor is nobody's business. */
class Single {
  readonly n: number
  private constructor(n: number) {
    this.n = n
  }
  static of(n: number) {
    return new Single(n)
  }
}
registerCodec({ name: 'single', class: Single, version: 1, encode: ({ n }) => ({ n }), decode: ({ n }) => Single.of(n) })

class Unversioned {
  n = 1
  double() {
    return this.n * 2
  }
}
registerCodec({ name: 'unversioned', class: Unversioned, encode: ({ n }) => n, decode: (n) => Object.assign(new Unversioned(), { n }) })
Object.defineProperty(Unversioned, CLASS_MARK, { value: { id: 'test.ts#Unversioned' } })

/** Registers it in another version for as long as `use` runs, as another build of the program would. */
function withVersion<T>(Class: abstract new (...args: any[]) => object, version: string | number | undefined, use: () => T): T {
  const codec = codecOf(Class.prototype) as { -readonly [K in keyof Registered]: Registered[K] }
  const { edition } = codec
  codec.edition = JSON.stringify(version === undefined ? [codec.name] : [codec.name, version])
  const undo = () => {
    codec.edition = edition
  }
  let result: T
  try {
    result = use()
  } catch (error) {
    undo()
    throw error
  }
  if (result instanceof Promise) return result.finally(undo) as T
  undo()
  return result
}

const code = (run: () => unknown): string => {
  try {
    run()
    return 'nothing'
  } catch (error: any) {
    return error.code
  }
}

test('an instance comes back as one, with what is around it', () => {
  const value = { a: new Money(5n), list: [new Money(-1n)], map: new Map([['m', new Money(0n)]]), at: new Date(0) }
  const back = decode(encode(value)) as typeof value
  assert.instance(back.a, Money)
  assert.equal([back.a.cents, back.list[0]!.cents, back.map.get('m')!.cents, back.at], [5n, -1n, 0n, new Date(0)])
})

test('instances in the data of instances', () => {
  const purse = new Purse([
    ['a', new Money(1n)],
    ['b', new Money(2n)],
  ])
  const back = decode(encode([purse, Single.of(3)])) as [Purse, Single]
  assert.instance(back[0], Purse)
  assert.equal([back[0].get('b')!.cents, back[1].n], [2n, 3])
})

test('one instance in two places comes back as one', () => {
  const money = new Money(1n)
  const back = decode(encode({ a: money, list: [{}, money], b: {} })) as { a: Money; list: [object, Money]; b: object }
  assert.is(back.a, back.list[1])
  assert.is.not(back.a, back.b)
})

test('data that lead back to their own instance are refused, since it is not there yet when they are decoded', () => {
  const root = new Node([new Node([])])
  assert.instance((decode(encode(root)) as Node).children[0], Node)
  root.children[0]!.up = root
  assert.throws(() => encode(root), /MM2001 .*`\$\.children\[0\]\.up` \(Node\): what its codec makes of it leads back to it/)
})

test('a subclass has no codec, and neither has what only looks like an instance', () => {
  class Coin extends Money {}
  assert.throws(() => encode(new Coin(1n)), /MM2001 .*\(Coin\)/)
  assert.throws(() => encode({ d: new Proxy(new Money(1n), {}) }), /MM2001 .*Proxy/)
})

test('an encode that fails names the place and what failed', () => {
  const fake: unknown = Object.create(Money.prototype)
  assert.throws(() => encode({ a: [fake] }), /MM2001 .*`\$\.a\[0\]` \(Money\): its codec "money" failed: TypeError/)
})

test('a codec that hands on what has no bytes is told by path', () => {
  const node = new Node([(() => 1) as never])
  assert.throws(() => encode(node), /`\$\.children\[0\]` \(function\)/)
})

test('the same value has the same bytes, another value, class or version has others', () => {
  const bytes = (value: unknown) => digest(encode(value))
  assert.is(bytes(new Money(1n)), bytes(new Money(1n)))
  assert.is.not(bytes(new Money(1n)), bytes(new Money(2n)))
  assert.is.not(bytes(new Money(1n)), bytes(1n))
  assert.is.not(bytes(Single.of(1)), bytes({ n: 1 }))
  assert.is.not(
    bytes(new Money(1n)),
    withVersion(Money, 2, () => bytes(new Money(1n))),
  )
  assert.is.not(
    bytes(new Money(1n)),
    withVersion(Money, '1', () => bytes(new Money(1n))),
  )
})

test('bytes of a codec that is not here, or in another version, are told apart without decoding', () => {
  const bytes = encode([new Money(1n), Single.of(1)])
  assert.equal(
    codecsIn(bytes).map(({ edition }) => edition),
    ['["money",1]', '["single",1]'],
  )
  assert.is(isDecodable(bytes), true)
  for (const version of [2, '1', undefined]) {
    assert.is(
      withVersion(Money, version, () => isDecodable(bytes)),
      false,
    )
    assert.is(
      withVersion(Money, version, () => code(() => decode(bytes))),
      'MM2006',
    )
  }
  assert.is(isDecodable(encode({ a: 1 })) && isDecodable(encode(new Map())) && isDecodable(new Uint8Array([1])), true)
})

test('bytes that are cut or changed anywhere are refused or decode to a value, and run nothing but codecs', () => {
  const bytes = encode({ a: new Money(300n), b: [Single.of(1)] })
  for (let i = 0; i < bytes.length; i++) {
    assert.match(
      code(() => decode(bytes.subarray(0, i))),
      /^MM200[26]$/,
    )
    for (const flip of [1, 0x80]) {
      const changed = Uint8Array.from(bytes)
      changed[i]! ^= flip
      assert.match(
        code(() => decode(changed)),
        /^(?:MM200[26]|nothing)$/,
      )
    }
  }
})

test('a codec that decodes to something else is no codec', () => {
  class Odd {}
  registerCodec({ name: 'odd', class: Odd, version: 1, encode: () => 1, decode: () => ({}) as Odd })
  const bytes = encode(new Odd())
  assert.throws(() => decode(bytes), /MM2002 .*no instance of its class/)
})

const whole = { encode: () => 1, decode: () => new Money(1n) }
const REFUSED: Readonly<Record<string, readonly [make: () => unknown, why: RegExp]>> = {
  'a name that is taken': [() => registerCodec({ ...whole, name: 'money', class: class X extends Money {} }), /of this name/],
  'a class that has one': [() => registerCodec({ ...whole, name: 'other', class: Money }), /has the codec "money" already/],
  'no name': [() => registerCodec({ ...whole, name: '', class: Money }), /no name/],
  'no class': [() => registerCodec({ ...whole, name: 'x', class: {} as never }), /no class of yours/],
  'plain objects': [() => registerCodec({ ...whole, name: 'x', class: Object as never }), /no class of yours/],
  'no functions': [() => registerCodec({ name: 'x', class: class {}, encode: 1, decode: 2 } as never), /two functions/],
  'a version that is none': [
    () => registerCodec({ ...whole, name: 'x', class: class extends Money {}, version: {} as never }),
    /`version`/,
  ],
}
for (const [name, [make, why]] of Object.entries(REFUSED))
  test(`registering ${name} is MM2005`, () => {
    assert.is(code(make), 'MM2005')
    assert.throws(make, why)
  })

const UNFIT: Readonly<Record<string, readonly [make: () => unknown, wayOut: RegExp]>> = {
  'a stream': [() => Readable.from([]), /read it to its end/],
  'a stream of the web': [() => new ReadableStream(), /read it to its end/],
  'a response': [() => new Response('x'), /read it to its end/],
  'a socket': [() => new Socket(), /open in this process only/],
  'a stream inside': [() => ({ body: [Readable.from([])] }), /`\$\.body\[0\]` \(Readable\).*read it to its end/],
  'a promise': [() => Promise.resolve(1), /Await it/],
}
for (const [name, [make, wayOut]] of Object.entries(UNFIT))
  test(`refused with the way out: ${name}`, () => {
    assert.throws(() => encode(make()), wayOut)
  })

let warnings: string[] = []
let stop = () => {}
test.before.each(() => {
  warnings = []
  forgetWarnings()
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())

function counted(fn: (...args: any[]) => unknown, classes: readonly string[] = []) {
  return countedFunction(fn, { parts: { classes } })
}

test('instances are arguments and results of memoized functions', async () => {
  const { memoized, runs } = counted(async (money: Money) => new Money(money.cents * 2n))
  const results = [await memoized(new Money(2n)), await memoized(new Money(2n)), await memoized(new Money(3n))] as Money[]
  assert.equal(
    results.map((r) => [r instanceof Money, r.cents]),
    [
      [true, 4n],
      [true, 4n],
      [true, 6n],
    ],
  )
  assert.is(runs.length, 2)
  assert.equal(warnings, [])
})

test('a stored result whose codec has another version by now is a miss of the reason `format`, and is replaced', async () => {
  const { memoized, runs } = counted(async () => new Money(1n))
  await memoized()
  await withVersion(Money, 2, async () => {
    assert.equal(await memoized.peek(), { hit: false, reason: 'format' })
    await memoized()
    assert.is((await memoized.peek()).hit, true)
  })
  assert.is(runs.length, 2)
  assert.equal(warnings, [])
})

test('a codec that cannot read what it wrote makes the result uncached, and fails nobody', async () => {
  class Broken {}
  registerCodec({ name: 'broken', class: Broken, version: 1, encode: () => 1, decode: () => assert.unreachable() as never })
  const { memoized, runs } = counted(async () => new Broken())
  assert.instance(await memoized(), Broken)
  await memoized()
  assert.is(runs.length, 2)
  assert.match(warnings[0]!, /^MM2105 /)
})

test('without a version, an instance is an input only where its class is in the fingerprint', async () => {
  const bare = counted(async (x: Unversioned) => x.double())
  await bare.memoized(new Unversioned())
  await bare.memoized(new Unversioned())
  assert.is(bare.runs.length, 2)
  assert.match(warnings[0]!, /^MM2103 .*Annotate the input.*`version`/)
  const annotated = counted(async (x: Unversioned) => x.double(), ['test.ts#Unversioned'])
  await annotated.memoized(new Unversioned())
  await annotated.memoized(new Unversioned())
  assert.is(annotated.runs.length, 1)
  assert.is.not(inputDigest(new Unversioned(), ['test.ts#Unversioned']), digest(encode(1)))
})

function purseFlow(value: () => unknown, read: (value: any) => unknown, classes: readonly string[] = []) {
  class PurseFlow extends FlowSpec {
    value: unknown
    out: unknown
    @step start() {
      this.value = value()
      this.next(this.work)
    }
    @memoize({}) @step work() {
      this.out = read(this.value)
      this.next(this.left, this.right)
    }
    @memoize({}) @step left() {
      this.next(this.join)
    }
    @step right() {
      this.next(this.join)
    }
    @step join(inputs: Inputs<PurseFlow>) {
      this.value = inputs[0]!.out
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(PurseFlow, { start: {}, work: { classes, reads: ['value'] }, left: {}, right: {}, join: { joins: true }, end: {} })
}

test('instances are artifacts: stored, keyed, and handed on by hits', async () => {
  const store = memoryStore()
  const flow = (n: bigint) =>
    purseFlow(
      () => new Money(n),
      (m: Money) => new Money(m.cents + 1n),
    )
  const first = await ran(flow(1n), { store })
  assert.instance(first.artifacts.value, Money)
  const again = await ran(flow(1n), { store })
  assert.ok(again.log.includes('work hit') && again.log.some((l) => /^left.* hit$/.test(l)), again.log.join())
  assert.is((again.artifacts.value as Money).cents, 2n)
  assert.not((await ran(flow(2n), { store })).log.includes('work hit'))
  assert.equal(warnings, [])
})

test('a stored artifact whose codec has another version by now is a miss', async () => {
  const store = memoryStore()
  const flow = () =>
    purseFlow(
      () => 1,
      (n: number) => new Money(BigInt(n)),
    )
  await ran(flow(), { store })
  await withVersion(Money, 2, async () => {
    const { log, artifacts } = await ran(flow(), { store })
    assert.not(log.includes('work hit'))
    assert.is((artifacts.value as Money).cents, 1n)
  })
})

test('without a version, a step that reads an instance is stored only where its class is in the fingerprint', async () => {
  for (const classes of [[], ['test.ts#Unversioned']]) {
    const store = memoryStore()
    const flow = () =>
      purseFlow(
        () => new Unversioned(),
        (u: Unversioned) => u.double(),
        classes,
      )
    await ran(flow(), { store })
    assert.is((await ran(flow(), { store })).log.includes('work hit'), classes.length > 0)
  }
  assert.equal(
    warnings.map((w) => w.slice(0, 6)),
    ['MM4034'],
  )
})

test.run()
