/** Asks once more before something that takes what was kept with it. */
import { App } from 'antd'
import { useTranslation } from 'react-i18next'

export function useConfirmed() {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  return (title: string, content: string, act: () => Promise<unknown>) =>
    void modal.confirm({ title, content, okText: title, cancelText: t('action.cancel'), okButtonProps: { danger: true }, onOk: act })
}
