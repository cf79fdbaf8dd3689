import './styles/index.css'
import { startWindow } from './app/start.ts'

void startWindow(new AbortController().signal)
