"""All custom actions of the domain."""

from actions.action import TurnAction
from actions.answer import Answer, ChooseFaq, RateAnswer
from actions.clarify import Clarify
from actions.emergency import Emergency
from actions.feedback import KeepFeedback, ValidateFeedbackForm
from actions.follow import CaseStatus, Dispute, Rate
from actions.hand_over import HandOver
from actions.information import AddInformation, ValidateInformationForm
from actions.language import Language
from actions.loose import KeepPhoto, KeepPlace, Unsupported
from actions.office import OfficeInfo
from actions.personal_data import MyData, OpenDataCase
from actions.report.form import ValidateReportForm
from actions.report.sending import Cancel, GoOn, OpenCase
from actions.session import StartSession, Welcome

ACTIONS: tuple[type[TurnAction], ...] = (
    AddInformation,
    Answer,
    Cancel,
    CaseStatus,
    ChooseFaq,
    Clarify,
    Dispute,
    Emergency,
    GoOn,
    HandOver,
    KeepFeedback,
    KeepPhoto,
    KeepPlace,
    Language,
    MyData,
    OfficeInfo,
    OpenCase,
    OpenDataCase,
    Rate,
    RateAnswer,
    StartSession,
    Unsupported,
    ValidateFeedbackForm,
    ValidateInformationForm,
    ValidateReportForm,
    Welcome,
)
