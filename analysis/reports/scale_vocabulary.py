"""Every heading and sentence of reliability and validity, zh and en."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("信度和效度", "Reliability and validity"),
    "complete": (
        "共 {k} 个题；{given} 份答卷中有 {n} 份全部答了这些题，只用这 {n} 份计算。",
        "{k} items; {n} of {given} responses answered all of them and are used.",
    ),
    "alpha_reading": (
        "Cronbach α = {alpha}（95% 区间 {span}）：内部一致性{grade}。",
        "Cronbach’s α = {alpha} (95% interval {span}): internal consistency is {grade}.",
    ),
    "from_to": ("{low} 至 {high}", "{low} to {high}"),
    "singles": (
        "{items} 是单选题：只有选项按高低顺序排列时，系数才有意义，请核对。",
        "{items} are single choices: coefficients mean something only if their options are in "
        "order; please check.",
    ),
    "alpha_poor": ("不足", "insufficient"),
    "alpha_fair": ("勉强", "questionable"),
    "alpha_good": ("可接受", "acceptable"),
    "alpha_very": ("良好", "good"),
    "alpha_excellent": (
        "很高（过高可能说明题目重复）",
        "very high (which may mean that items repeat each other)",
    ),
    "negative": (
        "{items} 与其他题负相关：如果是反向表述的题，应当反向计分。",
        "{items} correlate negatively with the rest: reverse them if they are worded the other way "
        "round.",
    ),
    "low_rest": (
        "{items} 与其余题之和的相关低于 0.3，与其他题测的可能不是同一件事。",
        "{items} correlate below 0.3 with the sum of the others and may measure something else.",
    ),
    "better_without": (
        "删去后 α 会升高的题：{items}（是否删题还要看内容）。",
        "α would rise without: {items} (content decides, too).",
    ),
    "omega_reading": (
        "McDonald ω = {omega}（单因子模型，不要求各题同等重要）。",
        "McDonald’s ω = {omega} (one-factor model; items need not weigh the same).",
    ),
    "omega_doubtful": (
        "McDonald ω = {omega}，但单因子模型有题的独特方差近于 0（Heywood 情形），仅供参考。",
        "McDonald’s ω = {omega}, but an item has next to no unique variance (a Heywood case): read "
        "with care.",
    ),
    "kmo_reading": (
        "KMO = {kmo}：{grade}做因子分析。",
        "KMO = {kmo}: {grade} for factor analysis.",
    ),
    "kmo_unfit": ("不适合", "unacceptable"),
    "kmo_poor": ("很不理想，不太适合于", "miserable"),
    "kmo_fair": ("勉强适合", "mediocre"),
    "kmo_good": ("一般，可以", "middling"),
    "kmo_very": ("适合", "meritorious"),
    "kmo_excellent": ("非常适合", "marvellous"),
    "bartlett_related": (
        "Bartlett 球形检验 χ² = {chi2}，df = {df}，p {p}：各题之间存在相关。",
        "Bartlett’s test of sphericity: χ² = {chi2}, df = {df}, p {p}: the items correlate.",
    ),
    "bartlett_unrelated": (
        "Bartlett 球形检验 χ² = {chi2}，df = {df}，p {p}：看不出各题之间有相关。",
        "Bartlett’s test of sphericity: χ² = {chi2}, df = {df}, p {p}: no correlation of the items "
        "is seen.",
    ),
    "refused": ("{part}：{why}。", "{part}: {why}."),
    "part_items": ("信度和效度", "Reliability and validity"),
    "part_alpha": ("Cronbach α", "Cronbach’s α"),
    "part_omega": ("McDonald ω", "McDonald’s ω"),
    "part_kmo": ("KMO", "KMO"),
    "part_bartlett": ("Bartlett 球形检验", "Bartlett’s test"),
    "coefficients": ("系数", "Coefficients"),
    "coefficient": ("系数", "Coefficient"),
    "value": ("数值", "Value"),
    "not_applicable": ("不适用", "not applicable"),
    "alpha": ("Cronbach α", "Cronbach’s α"),
    "alpha_low": ("α 的 95% 下限（Feldt）", "α, 95% low (Feldt)"),
    "alpha_high": ("α 的 95% 上限（Feldt）", "α, 95% high (Feldt)"),
    "standardised": ("标准化 α", "Standardised α"),
    "average": ("题间平均相关", "Mean correlation of items"),
    "lambda6": ("Guttman λ6", "Guttman’s λ6"),
    "omega": ("McDonald ω（标准化）", "McDonald’s ω (standardised)"),
    "omega_raw": ("McDonald ω（原始分）", "McDonald’s ω (raw)"),
    "kmo": ("KMO（总体）", "KMO (overall)"),
    "bartlett": ("Bartlett χ²", "Bartlett’s χ²"),
    "bartlett_df": ("Bartlett 自由度", "Bartlett’s df"),
    "bartlett_p": ("Bartlett p 值", "Bartlett’s p"),
    "items": ("各题", "Items"),
    "item": ("题", "Item"),
    "reversed": ("反向", "Reversed"),
    "levels": ("级数", "Levels"),
    "answered": ("有效作答", "Answered"),
    "mean": ("平均（最好的选项最高）", "Mean (best option highest)"),
    "item_rest": ("与其余题相关", "Item–rest r"),
    "if_deleted": ("删题后 α", "α if deleted"),
    "loading": ("因子载荷", "Loading"),
    "item_kmo": ("KMO", "KMO"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "note_alpha": (
        "α 的说法按 Nunnally（1978）：研究中 0.7 以上可接受，0.8 以上良好；0.6 至 0.7 勉强。"
        "与其余题相关低于 0.3 的界限按 Nunnally & Bernstein（1994）。",
        "Words for α after Nunnally (1978): 0.7 and above acceptable, 0.8 good; 0.6 to 0.7 "
        "questionable. The bound 0.3 of item–rest correlations: Nunnally & Bernstein (1994).",
    ),
    "note_kmo": (
        "KMO 的说法按 Kaiser（1974）：0.5 以下不适合，0.7 以上一般，0.8 以上适合，"
        "0.9 以上非常适合。",
        "Words for KMO after Kaiser (1974): below 0.5 unacceptable, above 0.7 middling, above 0.8 "
        "meritorious, above 0.9 marvellous.",
    ),
    "note_data": (
        "各题按选项顺序计分，第一个选项分最高（问卷注明由差到好的题，最后一个最高）；"
        "“不清楚”“拒答”和未填的答卷不计入；"
        "选项须有高低顺序，否则系数没有意义。",
        "Items are scored by the order of their options, the first highest (the last one where the "
        "questionnaire says worst_first); responses with 不清楚, "
        "拒答 or a blank are left out. The options must be in order, or coefficients mean nothing.",
    ),
    "note_sample": (
        "系数未加权，区间按简单随机样本计算。",
        "Coefficients are unweighted; intervals are those of a simple random sample.",
    ),
}
