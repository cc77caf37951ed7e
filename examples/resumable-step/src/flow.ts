// A step that fails half-way keeps what it has finished: `resume` works only on the rest.
//
//   FAIL_AT=5 node dist/flow.js run     fails at the fifth page, four are kept
//   node dist/flow.js resume            fetches the other two and goes on

import { FlowSpec, main, step } from 'mintmark'
import { fetchPage } from './pages.js'

export class ResumableFlow extends FlowSpec {
  pages: number[] = []
  titles: string[] = []

  @step
  async start() {
    this.pages = [1, 2, 3, 4, 5, 6]
    this.next(this.scrape)
  }

  @step
  async scrape() {
    this.titles = await this.resumable(this.pages, fetchPage)
    this.next(this.end)
  }

  @step
  async end() {
    console.log(this.titles.join(', '))
  }
}

await main(ResumableFlow)
