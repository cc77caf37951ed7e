// A flow with a command line of its own, for tests that start it as a process. It writes down what it executes, a line each, in the file
// COUNTED_LOG, and fails, dies, waits or prints where the environment says.

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { FlowSpec, type Inputs, main, memoize, parameter, step } from '../../runtime/index.js'
import { stamped } from './stamps.js'

const { COUNTED_LOG = '', FAIL_AT = '', DIE_AT = '', INTERRUPT_AT = '', PLAIN = '', PRINT = '', WAIT_MS = '0' } = process.env

function executed(what: string): void {
  if (COUNTED_LOG !== '') appendFileSync(COUNTED_LOG, `${what}\n`)
}

class Counted extends FlowSpec {
  @parameter({ help: 'how many items' }) size = 3
  @parameter({ type: 'json' }) extra: unknown = null
  @parameter() loud = false
  list: number[] = []
  out = 0
  total = 0
  pieces: number[] = []
  declare input: number

  @step start() {
    executed('start')
    this.list = Array.from({ length: this.size }, (_, index) => index + 1)
    this.next(this.work, { foreach: 'list' })
  }

  @step @memoize async work() {
    executed(`work ${this.input}`)
    if (INTERRUPT_AT === `work ${this.input}`) process.kill(process.pid, 'SIGINT')
    await sleep(Number(WAIT_MS))
    if (DIE_AT === `work ${this.input}`) process.kill(process.pid, 'SIGKILL')
    if (FAIL_AT === `work ${this.input}`) throw new Error(`failed as asked: ${this.input}`)
    this.out = this.input * 100
    this.next(this.join)
  }

  @step join(inputs: Inputs<Counted>) {
    executed('join')
    this.total = inputs.reduce((sum, { out }) => sum + out, 0)
    this.next(this.pieced)
  }

  @step async pieced() {
    executed('pieced')
    this.pieces = await this.resumable([1, 2, 3, 4], async (piece) => {
      executed(`piece ${piece}`)
      await sleep(8)
      if (DIE_AT === `piece ${piece}`) process.kill(process.pid, 'SIGKILL')
      return piece * 10
    })
    this.next(this.end)
  }

  @step end() {
    executed(`end ${this.total} ${this.pieces}`)
    if (PRINT !== '') {
      console.log(`logged ${PRINT}`)
      process.stdout.write(Buffer.from(`written ${PRINT}\n`))
    }
  }
}

if (PLAIN === '')
  stamped(Counted, {
    start: { reads: ['size'], next: { targets: ['work'], foreach: 'list' } },
    work: { reads: ['input'], next: { targets: ['join'] } },
    join: { joins: true, next: { targets: ['pieced'] } },
    pieced: { next: { targets: ['end'] } },
    end: {},
  })

await main(Counted)
