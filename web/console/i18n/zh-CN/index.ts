import problem from './problem'
import shell from './shell'

export default { ...shell, ...problem }
