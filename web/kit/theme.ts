/** antd's tokens for Huoke, light and dark; the same values as tokens.css. */
import { theme, type ThemeConfig } from 'antd'

const font = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
const shape = { fontFamily: font, fontSize: 14, fontSizeSM: 12, fontSizeLG: 16, fontSizeHeading4: 20, lineHeight: 22 / 14, borderRadius: 8, borderRadiusLG: 12, borderRadiusSM: 6, borderRadiusXS: 4,
  controlHeight: 32, controlHeightSM: 24, controlHeightLG: 40, lineWidth: 1, wireframe: false, fontWeightStrong: 600, motionDurationMid: '0.16s' };
const light = { colorPrimary: '#0E7C6B', colorPrimaryHover: '#0A6658', colorPrimaryActive: '#085448', colorPrimaryBg: '#E6F4F1', colorPrimaryBgHover: '#DDEFEB', colorPrimaryBorder: '#84C5B7',
  colorInfo: '#2F6FB2', colorInfoBg: '#EAF1F9', colorSuccess: '#2E8B57', colorSuccessBg: '#E9F5EE', colorSuccessText: '#1F7245', colorWarning: '#C77700', colorWarningBg: '#FDF4E3', colorWarningText: '#905500',
  colorError: '#C93A3A', colorErrorBg: '#FBECEC', colorErrorText: '#B42F2F', colorLink: '#0E7C6B', colorLinkHover: '#0A6658',
  colorText: '#14212B', colorTextHeading: '#14212B', colorTextSecondary: '#51606B', colorTextTertiary: '#62727D', colorTextDescription: '#62727D', colorTextPlaceholder: '#62727D', colorTextLightSolid: '#FFFFFF',
  colorBorder: '#C9D3D8', colorBorderSecondary: '#E3E9EC', colorSplit: '#EEF2F4', colorBgLayout: '#F5F8F8', colorBgContainer: '#FFFFFF', colorBgElevated: '#FFFFFF', colorFillTertiary: '#F0F4F5', colorFillQuaternary: '#F5F8F8',
  boxShadow: '0 8px 24px rgba(20,33,43,.08)', boxShadowSecondary: '0 8px 24px rgba(20,33,43,.08)', boxShadowTertiary: 'none', controlOutline: '#E6F4F1', controlOutlineWidth: 3 };
const dark = { colorPrimary: '#3FB8A3', colorPrimaryHover: '#5CC9B6', colorPrimaryActive: '#2C8878', colorPrimaryBg: '#17332F', colorPrimaryBgHover: '#1B4A42', colorPrimaryBorder: '#21665A',
  colorInfo: '#6BA4DE', colorInfoBg: '#182637', colorSuccess: '#4FB37D', colorSuccessBg: '#172D24', colorSuccessText: '#6CC896', colorWarning: '#E0982F', colorWarningBg: '#302617', colorWarningText: '#EDB15A',
  colorError: '#E56B6B', colorErrorBg: '#331E20', colorErrorText: '#F28B8B', colorLink: '#3FB8A3', colorLinkHover: '#5CC9B6',
  colorText: '#E6EDF0', colorTextHeading: '#E6EDF0', colorTextSecondary: '#A9B8C0', colorTextTertiary: '#8FA0A9', colorTextDescription: '#8FA0A9', colorTextPlaceholder: '#8FA0A9', colorTextLightSolid: '#06231E',
  colorBorder: '#3A4B55', colorBorderSecondary: '#24323A', colorSplit: '#1E2B32', colorBgLayout: '#0E1518', colorBgContainer: '#152026', colorBgElevated: '#1A272E', colorFillTertiary: '#1C2A31', colorFillQuaternary: '#182329',
  boxShadow: '0 8px 24px rgba(0,0,0,.5)', boxShadowSecondary: '0 8px 24px rgba(0,0,0,.5)', boxShadowTertiary: 'none', controlOutline: '#17332F', controlOutlineWidth: 3 };
const components = (t: typeof light): ThemeConfig['components'] => ({
  Layout: { headerBg: t.colorBgContainer, headerHeight: 56, headerPadding: '0 24px', siderBg: t.colorBgContainer, bodyBg: t.colorBgLayout },
  Menu: { itemHeight: 36, itemBorderRadius: 8, itemMarginInline: 8, itemMarginBlock: 1, iconSize: 18, activeBarBorderWidth: 0, itemColor: t.colorTextSecondary, itemSelectedBg: t.colorPrimaryBg, itemSelectedColor: t.colorPrimary, subMenuItemBg: 'transparent' },
  Table: { headerBg: 'transparent', headerColor: t.colorTextTertiary, headerSplitColor: 'transparent', borderColor: t.colorSplit, rowHoverBg: t.colorFillQuaternary, cellFontSize: 13, cellPaddingBlock: 10, cellPaddingInline: 12, cellPaddingBlockSM: 7 },
  Card: { headerFontSize: 14, headerHeight: 44, headerPadding: 20, bodyPadding: 20 },
  Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', paddingInline: 14, primaryColor: t.colorTextLightSolid, contentFontSizeSM: 12 },
  Checkbox: { borderRadiusSM: 4 },
  Tag: { defaultBg: t.colorFillTertiary, defaultColor: t.colorTextSecondary, borderRadiusSM: 4 },
  Segmented: { trackBg: t.colorFillTertiary, itemSelectedBg: t.colorBgContainer, trackPadding: 2 },
  Tabs: { horizontalItemGutter: 24, horizontalItemPadding: '8px 0 9px', titleFontSize: 14 },
  Form: { labelFontSize: 13, itemMarginBottom: 16, verticalLabelPadding: '0 0 6px' }, Drawer: { paddingLG: 24, padding: 16 },
  Progress: { defaultColor: t.colorPrimary, remainingColor: t.colorFillTertiary }, Statistic: { contentFontSize: 28, titleFontSize: 12 } });
// Seed colours (colorPrimary, …) are recomputed by the algorithm; this second step pins every value exactly.
const pin =
  (values: object): NonNullable<Algorithm> =>
  (_seed, map) => ({ ...(map as NonNullable<typeof map>), ...values })
type Algorithm = Extract<ThemeConfig['algorithm'], (...args: never[]) => unknown>
const make = (base: Algorithm, t: typeof light): ThemeConfig => ({ algorithm: [base, pin({ ...shape, ...t })], token: { ...shape, ...t }, components: components(t) });
export const huokeLight = make(theme.defaultAlgorithm, light);
export const huokeDark = make(theme.darkAlgorithm, dark);
