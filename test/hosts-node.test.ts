// The pages of docs/hosts, followed to the letter: those that need no bundler.

import { test } from 'uvu'
import { testPage } from './support/host-pages.js'

;['tspc', 'register', 'run'].forEach(testPage)

test.run()
