"""Words that say nothing of what somebody is interested in: Chinese and English, of chats and of their platforms."""

from __future__ import annotations

_CHINESE = """
一下 一个 一些 一会 一会儿 一定 一样 一次 一点 一点儿 一直 一种 一般 一起 一边 一遍 一天 一句 七八 三个 上去 上来 上面 下来 下去 下面 不会 不像 不再 不到 不过 不只 不同 不够 不如 不对 不得 不必 不想
不敢 不断 不是 不然 不用 不管 不能 不要 不行 不论 不错 不错的 与其 两个 个人 中间 为了 为什么 为啥 为何 主要 之一 之前 之后 之类 也好 也是 也许 也就是 也就是说 了解 事儿 事情 二个 于是 些许 人家 什么 什么样 今儿 介于
今天 今年 明天 昨天 后天 前天 仍然 他们 以上 以下 以为 以前 以后 以及 任何 会不会 似的 但是 何况 何必 作为 你们 使得 依然 便是 倒是 假如 偏偏 偶尔 像是 全部 其中 其他 其它 其实 其次 具体 再说 几乎 几个 凡是
分别 刚刚 刚才 刚好 到底 前面 加上 千万 单单 即使 却是 又是 及其 反正 反而 发现 取决 变得 另一 另外 只是 只有 只能 只要 只好 可以 可是 可能 可惜 各位 各种 各自 同时 同样 后来 后面 向来 吗 呢 和 咱们 哈哈 哈哈哈
哈哈哈哈 嘿嘿 呵呵 嘻嘻 哎呀 哎哟 哦哦 嗯嗯 好好 好的 好吧 好像 好多 好些 哪些 哪个 哪儿 哪怕 哪里 哪位 唯有 喜欢 回来 回去 因为 因此 因而 在于 地方 多么 多少 多久 大家 大概 大约 大多 大多数 太多 失去 如下 如何
如果 如此 如同 宁可 它们 安排 完全 实在 容易 对于 对方 对了 将要 将近 尤其 就是 就是说 就算 就要 尽管 尽量 居然 左右 已经 巴不得 带来 常常 平时 应当 应该 开始 当中 当时 当然 彻底 彼此 往往 很多 很少 得到 得了 必须
必要 忽然 怎么 怎么办 怎么样 怎样 怪不得 总之 总是 总的来说 恐怕 恰好 您好 我们 或是 或者 或许 所以 所有 所谓 才能 打算 找到 拿到 据说 接着 接下来 放到 故而 既然 早上 早就 昨晚 时候 时间 是不是 是否 显然 晚上 晚点 普通 最后
最好 最近 有些 有人 有关 有时 有时候 有的 有点 有点儿 有没有 朋友 朋友们 本人 本来 来着 来说 果然 某个 某些 根本 根据 正在 正好 正常 此外 每个 每次 每天 比如 比如说 比较 毕竟 没什么 没关系 没事 没人 没想到 没有 没法 注意
准备 然后 然而 照样 特别 现在 甚至 甚至于 由于 的话 直接 直到 看到 看来 看看 真是 真的 知道 知道了 确实 确定 碰到 离开 突然 立刻 竟然 第一 第二 第三 第一次 等等 简直 算了 算是 终于 结果 给我 继续 绝对 老是 而且 而是 自从
自己 至于 至今 至少 若是 虽然 虽说 行了 觉得 认为 记得 说明 说说 说是 谁知 谢谢 起来 起码 越来越 跟着 转眼 较为 辛苦 边上 还好 还是 还有 还要 还没 这个 这么 这些 这儿 这样 这次 这种 这边 这里 进去 进来 连同 通过
通常 那个 那么 那些 那儿 那样 那次 那种 那边 那里 都是 里面 重要 问一下 问题 随便 随时 难道 难怪 需要 非常 顺便 首先 马上 麻烦 默默 请问 各位好 大家好 早安 晚安 早啊 下午 中午 上午 今晚 周一 周二 周三 周四 周五 周六 周日
周末 这周 下周 上周 本周 这么多 那么多 多谢 感谢 不客气 收到 好呀 好啊 可以的 没问题 是的 对的 对啊 是啊 不知道 想要 出来 出去 过来 过去 东西 感觉 意思 小时 分钟 图片 表情 视频 语音 撤回 消息 回复 红包 链接 转发 引用
""".split()
_ENGLISH = """
about above after again against ain all also always and any anybody anyone anything are aren around because been before being below between both but came can can't cannot
come could couldn did didn does doesn doing don done down during each either else enough even ever every everybody everyone everything few first for from further
gave get gets getting give given goes going gone gonna good got gotta great guys had hadn hardly has hasn have haven having hello her here hers herself hey him
himself his how however i'll i'm i've into isn it's its itself just keep kind knew know known last least less let let's lets like little lol look looking looks
lot lots made make makes making many may maybe mean means might mine more most much must mustn myself need needs neither never new next nice nobody none nor not
nothing now off often okay old once one ones only onto other others our ours ourselves out over own people perhaps please pretty probably put quite rather really right
said same saw say saying says see seem seems seen shall shan she should shouldn since some somebody someone something sometimes soon sorry sort still stuff such
sure take taken than thank thanks that that's the their theirs them themselves then there there's these they thing things think this those though thought through thus till time today
together tomorrow too took toward tried try trying two under until upon use used using very want wanted wants was wasn way well went were weren what whatever when
where whether which while who whole whom whose why will with within without won would wouldn yeah yep yes yesterday yet you you're your yours yourself yourselves
haha hahaha omg btw imo imho afaik yup nope etc via www http https com png jpg jpeg gif pdf html
""".split()

STOP_WORDS = frozenset(_CHINESE) | frozenset(_ENGLISH)
