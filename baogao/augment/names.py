"""Chinese names of persons that nobody bears in particular, for training data."""

from __future__ import annotations

import random

# A hundred frequent surnames.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
# Characters that are frequent in given names.
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬建国文斌宇浩凯健俊帆雪林慧丹波宁贵福生龙元全胜学祥"
    "才发武新利清飞山仁良海峰贤晓兴法根土水如木淼卫东祖德永正志忠荣成家宏光亮启泽森梅琴云莲珍翠雅嘉琼洁倩婷怡欣瑶美"
)


def random_name(rng: random.Random) -> str:
    """A surname and a given name, which has one character in one name of five and else two."""
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(1 if rng.random() < 0.2 else 2))
