"""Chinese names of persons: the characters they are made of, and names that nobody bears in particular."""

from __future__ import annotations

import random

# The hundred most frequent surnames, and some two hundred that are less so.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
RARER_SURNAMES = (
    "汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲"
    "翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌"
    "奚皮粟冼蔺楼盘满闻厉伊仝郜阚花权强帅屠朴盖练廉禹井祖漆巴丰卿狄计索宣晋容敬扈晁芮阙浦鹿薄邸雍辜裘亓修邰赫况鲜隆茹战慕"
    "玉亢嵇湛宾戎茅尉元束檀展"
)
# Characters that are frequent in given names.
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬建国文斌宇浩凯健俊帆雪林慧丹波宁贵福生龙元全胜学祥才发"
    "武新利清飞山仁良海峰贤晓兴法根土水如木淼卫东祖德永正志忠荣成家宏光亮启泽森梅琴云莲珍翠雅嘉琼洁倩婷怡欣瑶美辉鹏春秀振"
    "子世金庆立少维旭昌树景小中民长朝安智佳宝向天思江义晨阳昊博轩瑞涵梓雨诗梦琪璐颖蕾莉虹凤香菊月巧素淑惠爱秋冬夏青松柏杨"
    "柳竹石川河湖洪流泉源润泓渊鸿鹤麟骏腾翔翼羽力勤俭毅坚钢铁锋锐钧铭锦银鑫尧舜禹汤周孔孟孝悌信礼廉心恒诚真善功业绩创造开"
    "拓进取奋斗冠群伦广大高远邦定乾坤宗绍继承先显耀祺祯祝君士友朋益谦逊温恭让勋炜炎焱烨煜灿炳照晖昱昕旻旺晟晴晶普曙怀恩念"
    "慈存厚仕佑保传仲伯叔季双亚太育培植栋梁材柱楠桦楚樊权来喜乐悦欢笑颜容艺术书画墨滨潇湘淮津滔澄澜瀚涌泳洲浦沛沁泰溪滢莹"
    "莎菲薇蓉芝芸芹茜茹荷萱蓓岚岩岳峻嵘崇巍峥帅师帝尚宣宾宽寅寿屹展层"
)
# The 3,755 characters of GB 2312's first level, which is ordered by sound: parents choose any of them.
_ANY = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low)).decode(
    "gb2312", "ignore"
)


def random_name(rng: random.Random) -> str:
    """A surname and a given name, which has one character in one name of five and else two.

    One surname of five is a rarer one, and one character of five in given names is any character at all.
    """
    surname = rng.choice(RARER_SURNAMES if rng.random() < 0.2 else SURNAMES)
    length = 1 if rng.random() < 0.2 else 2
    return surname + "".join(rng.choice(_ANY if rng.random() < 0.2 else GIVEN) for _ in range(length))
