// Compiled by `npm run check`, never run: what the decorators must accept and refuse.

import { memoize, retry, step } from '../../runtime/decorators.js'
import { FlowSpec } from '../../runtime/flow.js'
import type { FlowClass } from '../../runtime/graph.js'
import { runFlow } from '../../runtime/main.js'
import { parameter } from '../../runtime/parameters.js'

export class Accepts extends FlowSpec {
  static memoize = { ttl: 1000 } as const
  list: number[] = []
  total?: number
  output!: string
  declare input: number
  @parameter({ help: 'how many' }) size = 3
  @parameter({ type: 'string' }) mode: 'fast' | 'slow' = 'fast'
  @parameter() rows: string[] = []
  // @ts-expect-error the field is a string
  @parameter({ type: 'number' }) wrong = 'x'

  @step @memoize start() {
    this.next(this.work, { foreach: 'list' })
  }

  @memoize({ inputs: ['input', 'index', 'list'], outputs: ['output', 'total'], next: 'end' })
  @retry({ times: 2 })
  @step()
  async work() {
    this.next(this.end)
  }

  // @ts-expect-error not a field
  @memoize({ inputs: ['missing'] })
  @step
  one() {}

  // @ts-expect-error not a field
  @memoize({ outputs: ['missing'] })
  @step
  two() {}

  // @ts-expect-error a method is no artifact
  @memoize({ outputs: ['one'] })
  @step
  three() {}

  // @ts-expect-error not a step
  @memoize({ next: 'missing' })
  @step
  four() {}

  // @ts-expect-error a field is no step
  @memoize({ next: 'list' })
  @step
  five() {}

  // @ts-expect-error no such option
  @memoize({ input: ['list'] })
  @step
  six() {}

  // @ts-expect-error a step takes no more than the inputs of a join
  @step
  seven(_inputs: readonly Accepts[], _more: number) {}

  // @ts-expect-error without times
  @retry({})
  @step
  eight() {}

  @step @memoize join(inputs: readonly Accepts[]) {
    this.total = inputs.length
    this.next(this.end)
  }

  @step end() {}
}

export class Generic<Item, Row extends object> extends FlowSpec {
  best?: Item
  row!: Row
  items: Item[] = []

  @memoize({ inputs: ['items', 'best'], outputs: ['best', 'row'], next: 'end' })
  @step
  start() {
    this.next(this.end, { foreach: 'items' })
  }

  // @ts-expect-error not a field
  @memoize({ outputs: ['best', 'missing'] })
  @step
  one() {}

  // @ts-expect-error a method is no artifact
  @memoize({ outputs: ['start'] })
  @step
  two() {}

  // @ts-expect-error a field is no step
  @memoize({ next: 'items' })
  @step
  three() {}

  @step end() {}
}

export class Service {
  cache = 1

  @memoize async fetch(url: string) {
    return url
  }

  @memoize({ ttl: 1 }) async fetchAgain(url: string) {
    return url
  }

  // @ts-expect-error its result comes from a store, so it is async
  @memoize compute(a: number) {
    return a
  }

  // @ts-expect-error steps live in flows
  @step
  run() {}
}

export const fetchOnce: (url: string) => Promise<number> = memoize(async (url: string) => url.length, { ttl: 1000 })
export const Flow: FlowClass<Accepts> = Accepts

export async function why(): Promise<string | number> {
  const seen = await memoize(async (url: string) => url.length).peek('')
  return seen.hit ? seen.value : seen.reason
}

export async function results() {
  const { artifacts } = await runFlow(Accepts, { parameters: { size: 4 } })
  const list: readonly number[] = artifacts.list
  // @ts-expect-error a number
  await runFlow(Accepts, { parameters: { size: 'x' } })
  // @ts-expect-error not a field
  await runFlow(Accepts, { parameters: { missing: 1 } })
  // @ts-expect-error a method is no artifact
  artifacts.start
  // @ts-expect-error a task's own
  artifacts.input
  return list
}
