// The flow that must always work: run it twice, and the second run executes none of the six tasks of `cachedStep`.

import { FlowSpec, type Inputs, main, memoize, step } from 'mintmark'
import { multiply } from './multiply.js'

export class MemoizingFlow extends FlowSpec {
  declare input: number
  list: number[] = []
  output = 0

  @step
  async start() {
    this.list = [4, 1, 2, 3, 9, 15]
    this.next(this.cachedStep, { foreach: 'list' })
  }

  @step
  @memoize({ inputs: ['input'], outputs: ['output'] })
  async cachedStep() {
    console.error(`executing cachedStep(${this.input})`)
    this.output = await multiply(this.input)
    this.next(this.join)
  }

  @step
  async join(inputs: Inputs<MemoizingFlow>) {
    console.log(`results: ${inputs.map((i) => i.output).join(', ')}`)
    this.next(this.end)
  }

  @step
  async end() {
    console.log('done')
  }
}

await main(MemoizingFlow)
