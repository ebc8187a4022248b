"""The baseline: logistic regression over char n-grams (scikit-learn), the yardstick that everybody has at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.processes import BenchError

Scorer = Callable[[Sequence[str]], list[float]]


def trained(texts: Sequence[str], labels: Sequence[bool]) -> Scorer:
    """A scorer trained on these texts. Its scores are log-odds: above 0 it says yes. Texts go in as they are."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise BenchError(
            "The baseline needs scikit-learn: `make bench-moderation` installs it. Without it: --no-baseline."
        ) from None
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    model = LogisticRegression(C=10, max_iter=300)
    model.fit(grams.fit_transform(texts), labels)
    return lambda asked: [float(score) for score in model.decision_function(grams.transform(asked))]
