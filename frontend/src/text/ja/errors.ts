import type { errors as en } from '../en/errors.ts'

/** Errors by the reason that Go gives. */
export const errors = {
  'error.internal': 'Opsdeck 内部で問題が発生しました。原因はログに記録されています。お手数ですがご報告ください。',
  'error.page.timeout': '時間内に応答がありませんでした。再試行しても改善しない場合は Opsdeck を再起動してください。',
  'error.session.closed': '環境が開かれていません。最初の画面で選択してください。',
} as const satisfies Record<keyof typeof en, string>
