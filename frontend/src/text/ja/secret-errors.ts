import type { secretErrors as en } from '../en/secret-errors.ts'

/** Errors about the secrets of a profile, by the reason that Go gives. */
export const secretErrors = {
  'error.secrets.answers_wanted': 'このプロファイルはシークレットを保存しません。入力してください。',
  'error.secrets.command_failed':
    'シークレットを取得するプログラム {program} が失敗しました（{how}）。端末で実行して原因を確認してください。',
  'error.secrets.damaged':
    'このプロファイルのシークレットのファイルが壊れているか、書き換えられているため開けません。シークレットを入力し直してください。',
  'error.secrets.key_left':
    '処理は完了しましたが、キーリングに鍵 {account} が残っています。この鍵ではもう何も開けません。後で削除してください。',
  'error.secrets.key_missing':
    'キーリングにこのプロファイルの鍵がないため、シークレットを開けません。シークレットを入力し直してください。',
  'error.secrets.keyring_denied':
    'キーリングが Opsdeck のアクセスを拒否しました。キーリング側で許可してから、もう一度お試しください。パスフレーズで保護する方法や、毎回入力する方法も選べます。',
  'error.secrets.keyring_failed':
    'キーリングでエラーが発生しました。原因はログを確認してください。パスフレーズで保護する方法や、毎回入力する方法も選べます。',
  'error.secrets.keyring_locked':
    'キーリングがロックされています。キーリングのパスワードでロックを解除してから、もう一度お試しください。パスフレーズで保護する方法や、毎回入力する方法も選べます。',
  'error.secrets.keyring_silent':
    'キーリングが応答しません。別のウィンドウでパスワードを求めている可能性があります。入力してから、もう一度お試しください。',
  'error.secrets.newer': 'シークレットは新しい Opsdeck で保存されています。Opsdeck を更新してください。',
  'error.secrets.no_bus':
    'このセッションにメッセージバス（D-Bus）がないため、キーリングを利用できません。デスクトップセッションで Opsdeck を起動してください。パスフレーズで保護する方法や、毎回入力する方法も選べます。',
  'error.secrets.no_keyring':
    'このセッションではキーリングが動作していません。gnome-keyring や KWallet などを導入して起動してください。パスフレーズで保護する方法や、毎回入力する方法も選べます。',
  'error.secrets.not_kept': 'このプロファイルはシークレットを保存しないため、ここでは入力できません。',
  'error.secrets.other_servers':
    'シークレットの保存後に、サーバー・ユーザー・接続経路のいずれかが変わっているため、シークレットは開きません。プロファイルの内容が正しければ、シークレットを入力し直してください。',
  'error.secrets.passphrase_wanted':
    'このプロファイルのシークレットはパスフレーズで保護されています。パスフレーズを入力してください。',
  'error.secrets.sign_failed': 'キーリングから署名用の鍵を取得できません。原因はログを確認してください。',
  'error.secrets.sign_locked':
    '署名用の鍵を保管しているキーリングがロックされています。パスワードでロックを解除してから、もう一度お試しください。',
  'error.secrets.sign_no_keyring':
    'アーカイブの署名用の鍵はキーリングに保管しますが、キーリングを利用できません。gnome-keyring や KWallet などが動作しているデスクトップセッションで Opsdeck を起動してください。',
  'error.secrets.wrong_passphrase': 'パスフレーズが正しくないため、シークレットを開けません。',
} as const satisfies Record<keyof typeof en, string>
