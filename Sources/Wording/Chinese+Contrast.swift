extension Chinese {
  /// The time course of contrast.
  static let contrast: [String: String] = [
    "Echo power (% of white)": "回波功率（白色的 %）",
    "Motion (px)": "位移（像素）",
    "Time from injection (s)": "注射后时间（s）",
    "Time from arrival of contrast (s)": "造影剂到达后时间（s）",
    "Time of the clip (s)": "动态图像时间（s）",
    "cortical phase": "皮质期",
    "medullary phase": "髓质期",
    "arterial phase": "动脉期",
    "portal venous phase": "门脉期",
    "early phase": "早期",
    "middle phase": "中期",
    "late phase": "延迟期",
    "reference parenchyma": "参照实质",
    "whole panel": "整个造影画面",
    "arrival of contrast": "造影剂到达",
    "frames left out": "剔除的帧",
    "right": "向右",
    "down": "向下",
    "Contrast over time": "造影剂随时间的变化",
    "No curve.": "无曲线。",
    "No motion was followed.": "未跟踪位移。",
    "Echo power of contrast over time with phases, and below the displacement of the picture.":
      "造影剂回波功率随时间的变化及各时相，下方为图像位移。",
    "Mean echo power over time, log compression undone; thin as measured, bold the fitted bolus model. Shaded: phases. Ticks at the foot: frames left out. Below: how far the picture lies from the reference frame.":
      "平均回波功率随时间的变化（已还原对数压缩）；细线为实测，粗线为拟合的团注模型。阴影：时相。底部短线：剔除的帧。下方：图像相对参考帧的位移。",
  ]
}
